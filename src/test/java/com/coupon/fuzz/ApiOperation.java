package com.coupon.fuzz;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.ParseOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * An operation of the API document.
 *
 * @param path with its variables in braces
 * @param mediaType of the body, or null where it takes none
 * @param body its schema, or null
 * @param answers the codes of problems by documented status; none for a success
 */
public record ApiOperation(
        String method,
        String path,
        List<Parameter> parameters,
        @Nullable String mediaType,
        @Nullable Schema<?> body,
        boolean forOperators,
        Map<Integer, Set<String>> answers) {

    private static final Path DOCUMENT = Path.of("docs/openapi.yaml");

    /** All that the document names. */
    public static List<ApiOperation> all() {
        var options = new ParseOptions();
        options.setResolve(true);
        options.setResolveFully(true);
        OpenAPI document =
                new OpenAPIV3Parser().readLocation(DOCUMENT.toString(), null, options).getOpenAPI();
        List<ApiOperation> operations = new ArrayList<>();
        document.getPaths()
                .forEach((path, item) ->
                        item.readOperationsMap()
                                .forEach((method, operation) ->
                                        operations.add(
                                                of(document, method.name(), path, operation))));
        return operations;
    }

    private static ApiOperation of(
            OpenAPI document, String method, String path, Operation operation) {
        String mediaType = null;
        Schema<?> body = null;
        if (operation.getRequestBody() != null) {
            var content = operation.getRequestBody().getContent().entrySet().iterator().next();
            mediaType = content.getKey();
            body = content.getValue().getSchema();
        }
        Map<Integer, Set<String>> answers = new TreeMap<>();
        operation
                .getResponses()
                .forEach((status, response) ->
                        answers.put(Integer.parseInt(status), codes(document, response)));
        return new ApiOperation(
                method,
                path,
                Objects.requireNonNullElse(operation.getParameters(), List.of()),
                mediaType,
                body,
                path.contains("/admin/"),
                answers);
    }

    private static Set<String> codes(OpenAPI document, ApiResponse answer) {
        String reference = answer.get$ref();
        Map<String, ApiResponse> shared = document.getComponents().getResponses();
        ApiResponse response =
                reference == null
                        ? answer
                        : Objects.requireNonNull(shared.get(reference.replaceFirst(".*/", "")));
        MediaType problem =
                response.getContent() == null
                        ? null
                        : response.getContent().get("application/problem+json");
        Set<String> codes = new TreeSet<>();
        if (problem != null) {
            Schema<?> code =
                    Objects.requireNonNull(
                            (Schema<?>) problem.getSchema().getProperties().get("code"));
            code.getEnum().forEach(slug -> codes.add(String.valueOf(slug)));
        }
        return codes;
    }

    @Override
    public String toString() {
        return method + " " + path;
    }
}
