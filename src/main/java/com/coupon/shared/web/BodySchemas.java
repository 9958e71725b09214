package com.coupon.shared.web;

import com.coupon.shared.EveryRole;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.core.converter.ModelConverterContext;
import io.swagger.v3.core.util.Json31;
import io.swagger.v3.oas.models.media.Schema;
import java.lang.reflect.RecordComponent;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Names the schemas of bodies for people, and says of their properties what the code says: whatever
 * is not {@link Nullable} is always there. Thread-safe.
 */
@EveryRole
final class BodySchemas implements ModelConverter {

    private final Map<String, Class<?>> named = new ConcurrentHashMap<>();

    @Override
    @SuppressWarnings("rawtypes") // as the interface has it
    public @Nullable Schema resolve(
            AnnotatedType type, ModelConverterContext context, Iterator<ModelConverter> chain) {
        Class<?> body = Json31.mapper().constructType(type.getType()).getRawClass();
        if (!body.isRecord()) {
            return chain.hasNext() ? chain.next().resolve(type, context, chain) : null;
        }
        String name = nameOf(body);
        Class<?> other = named.putIfAbsent(name, body);
        if (other != null && other != body) {
            throw new IllegalStateException(
                    "%s and %s would have one schema, %s.".formatted(other, body, name));
        }
        type.setName(name);
        Schema resolved = chain.next().resolve(type, context, chain);
        Schema<?> schema = context.getDefinedModels().get(name);
        if (schema != null) {
            sayWhatIsAlwaysThere(schema, body);
        }
        return resolved;
    }

    /** {@code ClaimBody} is a Claim. */
    static String nameOf(Class<?> body) {
        return body.getSimpleName().replaceFirst("(?<=.)Body$", "");
    }

    private static void sayWhatIsAlwaysThere(Schema<?> schema, Class<?> body) {
        JsonInclude include = body.getAnnotation(JsonInclude.class);
        boolean nullIsLeftOut = include != null && include.value() == JsonInclude.Include.NON_NULL;
        for (RecordComponent component : body.getRecordComponents()) {
            Schema<?> property = schema.getProperties().get(component.getName());
            if (!component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
                require(schema, component.getName());
            } else if (!nullIsLeftOut && property != null && property.getTypes() != null) {
                Set<String> types = new LinkedHashSet<>(property.getTypes());
                types.add("null");
                property.setTypes(types);
                if (property.getEnum() != null) {
                    property.addEnumItemObject(null);
                }
            }
        }
    }

    private static void require(Schema<?> schema, String property) {
        if (schema.getRequired() == null || !schema.getRequired().contains(property)) {
            schema.addRequiredItem(property);
        }
    }
}
