/** HQ's layers beside the store's own: one that HQ pushed takes the place of the store's of that name. */
import type { PolicyLayer } from './layers.ts';
import type { PolicyFacts, PolicyLayerFacts } from './policy.ts';
import type { LayerName } from './settings.ts';

export function layersOfHq({ layers }: PolicyFacts): PolicyLayerFacts[] {
  return layers.filter(({ fromHq }) => fromHq);
}

/** The store's own layers that HQ leaves in force. */
export function withoutShadowed<Layer extends { layer: LayerName }>(
  own: readonly Layer[],
  fromHq: readonly PolicyLayerFacts[],
): Layer[] {
  return own.filter(({ layer }) => !fromHq.some((one) => one.layer === layer));
}

/** In the form that is merged; its version says whose it is. */
export function asLayer(facts: PolicyLayerFacts): PolicyLayer {
  const { layer, version, fromHq, settings, finals } = facts;
  return {
    layer,
    version: fromHq ? `${version} of HQ` : version,
    settings: new Map(settings.map(({ name, value }) => [name, value])),
    finals,
  };
}
