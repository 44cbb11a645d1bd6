/** Names of made-up products, so that a demo reads like a shop. No brand, no two the same. */

export type Temperature = 'ambient' | 'chilled' | 'frozen';

const nouns: Readonly<Record<Temperature, readonly string[]>> = {
  ambient: [
    'Strawberry jam',
    'Spaghetti',
    'Tomato passata',
    'Basmati rice',
    'Ground coffee',
    'Black tea',
    'Wheat flour',
    'Cane sugar',
    'Sunflower oil',
    'Olive oil',
    'Rolled oats',
    'Cornflakes',
    'Honey',
    'Dark chocolate',
    'Hazelnut spread',
    'Potato crisps',
    'Salted peanuts',
    'Red lentils',
    'Chickpeas',
    'Tuna in oil',
    'Sweetcorn',
    'Pickled gherkins',
    'Mustard',
    'Ketchup',
    'Sea salt',
    'Vegetable stock',
    'Apple juice',
    'Mineral water',
    'Cola',
    'Wheat beer',
    'Crispbread',
    'Rusks',
    'Butter biscuits',
    'Fruit gums',
    'Muesli bar',
    'Cat food',
    'Dishwasher tabs',
    'Washing powder',
    'Kitchen roll',
    'Toothpaste',
  ],
  chilled: [
    'Fresh milk',
    'Natural yoghurt',
    'Butter',
    'Gouda slices',
    'Cream cheese',
    'Mozzarella',
    'Whipping cream',
    'Cooked ham',
    'Salami',
    'Smoked salmon',
    'Hummus',
    'Fresh tortellini',
    'Tofu',
    'Orange juice, fresh',
    'Potato salad',
  ],
  frozen: [
    'Garden peas',
    'Spinach',
    'Pizza margherita',
    'Fish fingers',
    'Vanilla ice cream',
    'Raspberries',
    'Oven chips',
    'Bread rolls',
  ],
};

const variants = ['', 'organic', 'large pack', 'small pack', 'light', 'fine', 'classic', 'for two'];

/** @param place how many products of this temperature came before */
export function productName(temperature: Temperature, place: number): string {
  const names = nouns[temperature];
  const noun = names[place % names.length] ?? '';
  const round = Math.floor(place / names.length);
  const variant = round < variants.length ? (variants[round] ?? '') : `no. ${round + 1}`;
  const cold = temperature === 'frozen' ? `${noun}, frozen` : noun;
  return variant === '' ? cold : `${cold}, ${variant}`;
}
