package com.coupon.issuance.adapter.in.web;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A JSON merge patch: what it names is replaced, and what it names as null is taken away. */
final class MergePatch {

    private MergePatch() {}

    /**
     * Applies a patch by the algorithm of RFC 7396, section 2.
     *
     * @param target is left as it is
     */
    static JsonNode apply(JsonNode target, JsonNode patch) {
        if (!(patch instanceof ObjectNode changes)) {
            return patch;
        }
        ObjectNode result =
                target instanceof ObjectNode object
                        ? object.deepCopy()
                        : JsonNodeFactory.instance.objectNode();
        changes.forEachEntry((name, change) -> {
            if (change.isNull()) {
                result.remove(name);
            } else {
                result.set(name, apply(result.path(name), change));
            }
        });
        return result;
    }
}
