/** The gRPC methods between a store and HQ, from their generated description. */
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import type { MethodDefinition } from '@grpc/grpc-js';
import {
  type PlaceOrderRequest,
  PlaceOrderRequestSchema,
  type PlaceOrderResponse,
  PlaceOrderResponseSchema,
  type SyncRequest,
  SyncRequestSchema,
  type SyncResponse,
  SyncResponseSchema,
  SyncService,
} from '@stockhand/proto/sync/v1alpha/sync_service_pb.js';

export const syncMethod: MethodDefinition<SyncRequest, SyncResponse> = {
  path: `/${SyncService.typeName}/${SyncService.method.sync.name}`,
  requestStream: true,
  responseStream: true,
  requestSerialize: (request) => Buffer.from(toBinary(SyncRequestSchema, request)),
  requestDeserialize: (bytes) => fromBinary(SyncRequestSchema, bytes),
  responseSerialize: (response) => Buffer.from(toBinary(SyncResponseSchema, response)),
  responseDeserialize: (bytes) => fromBinary(SyncResponseSchema, bytes),
};

/** An order at once, beside the stream that also carries it. */
export const placeOrderMethod: MethodDefinition<PlaceOrderRequest, PlaceOrderResponse> = {
  path: `/${SyncService.typeName}/${SyncService.method.placeOrder.name}`,
  requestStream: false,
  responseStream: false,
  requestSerialize: (request) => Buffer.from(toBinary(PlaceOrderRequestSchema, request)),
  requestDeserialize: (bytes) => fromBinary(PlaceOrderRequestSchema, bytes),
  responseSerialize: (response) => Buffer.from(toBinary(PlaceOrderResponseSchema, response)),
  responseDeserialize: (bytes) => fromBinary(PlaceOrderResponseSchema, bytes),
};

/** Largest message that either side takes: a batch of events, or master data of a hypermarket. */
export const messageLimitBytes = 32 * 1024 * 1024;

/** Finds a half-open connection: no answer to a ping within the time-out closes it. */
export const keepaliveOptions = {
  'grpc.keepalive_time_ms': 20_000,
  'grpc.keepalive_timeout_ms': 10_000,
  'grpc.keepalive_permit_without_calls': 1,
  'grpc.max_receive_message_length': messageLimitBytes,
  'grpc.max_send_message_length': messageLimitBytes,
} as const;
