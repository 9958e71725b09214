/** A request that was not served: the problem (RFC 9457) that the service told, or what kept it from being asked. */
export class Problem extends Error {
  constructor({ status = 0, code = '', title, detail, retryAfter = 0 }) {
    super(title);
    Object.assign(this, { status, code, title, detail, retryAfter });
  }
}
