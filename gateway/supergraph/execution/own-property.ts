/** A JSON object from a subgraph, or one that is being put together. */
export type JsonObject = Record<string, unknown>;

/** Instances inherit nothing, not even `__proto__`, and still have the shape of a class. */
class BareObject {}
Reflect.deleteProperty(BareObject.prototype, 'constructor');
Object.setPrototypeOf(BareObject.prototype, null);

/** An object that inherits nothing, so that every name a client chooses is only a key. */
export function bareObject(): JsonObject {
  return new BareObject() as JsonObject;
}

/** A property of the object's own; inherited ones do not count. */
export function ownValue(object: JsonObject, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** Sets a property of the object's own, whatever its name means to the prototype. */
export function setOwn(object: JsonObject, key: string, value: unknown): void {
  if (Object.hasOwn(object, key) || !(key in object)) object[key] = value;
  else
    Object.defineProperty(object, key, {
      value,
      writable: true,
      enumerable: true,
      configurable: true,
    });
}

/** Whether it is an object with keys. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads a property of an object's own, by a name that is known in advance. */
export function valueReader(key: string): (object: JsonObject) => unknown {
  // Most names mean nothing to the prototype, so nothing of that name is inherited.
  return key in Object.prototype ? (object) => ownValue(object, key) : (object) => object[key];
}
