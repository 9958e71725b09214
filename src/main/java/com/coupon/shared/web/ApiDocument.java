package com.coupon.shared.web;

import com.coupon.shared.CampaignId;
import com.coupon.shared.EveryRole;
import com.coupon.shared.Language;
import com.coupon.shared.MemberId;
import com.fasterxml.jackson.core.type.TypeReference;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.core.util.Json31;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.PathItem.HttpMethod;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.parameters.RequestBody;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;

/**
 * Completes the OpenAPI document that springdoc makes of the controllers and their Javadoc: what
 * each operation can answer follows from its {@link Answers} and its route, what names mean is in
 * {@code openapi/words.yaml}, everything else that is common in {@code openapi/base.yaml}.
 */
@EveryRole
final class ApiDocument implements OpenApiCustomizer {

    private static final String ROOT = "/api/v1/";
    private static final String ADMIN = ROOT + "admin/";

    private static final String JSON = org.springframework.http.MediaType.APPLICATION_JSON_VALUE;
    private static final String PROBLEM_JSON =
            org.springframework.http.MediaType.APPLICATION_PROBLEM_JSON_VALUE;

    private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {};

    static {
        SpringDocUtils.getConfig().replaceWithClass(CampaignId.class, String.class);
        SpringDocUtils.getConfig().replaceWithClass(MemberId.class, String.class);
        SpringDocUtils.getConfig().replaceWithClass(JsonNode.class, Object.class);
        SpringDocUtils.getConfig().addRequestWrapperToIgnore(Caller.class);
    }

    private final RequestMappingHandlerMapping routes;

    ApiDocument(@Qualifier("requestMappingHandlerMapping") RequestMappingHandlerMapping routes) {
        this.routes = routes;
    }

    @Override
    public void customise(OpenAPI document) {
        addTheBase(document);
        routes.getHandlerMethods()
                .forEach((mapping, method) ->
                        mapping.getPatternValues()
                                .forEach(path ->
                                        operations(document, path)
                                                .forEach((http, operation) -> {
                                                    if (mapping.getMethodsCondition()
                                                            .getMethods()
                                                            .contains(
                                                                    RequestMethod.valueOf(
                                                                            http.name()))) {
                                                        complete(
                                                                document, operation, http, path,
                                                                mapping, method);
                                                    }
                                                })));
        keepWhatIsUsed(document);
        addTheWords(document);
    }

    private static void keepWhatIsUsed(OpenAPI document) {
        List<Operation> operations =
                document.getPaths().values().stream()
                        .flatMap(item -> item.readOperations().stream())
                        .toList();
        document.getTags()
                .removeIf(tag ->
                        operations.stream()
                                .noneMatch(
                                        operation -> operation.getTags().contains(tag.getName())));
        Set<String> answers =
                operations.stream()
                        .flatMap(operation -> operation.getResponses().values().stream())
                        .map(ApiResponse::get$ref)
                        .filter(Objects::nonNull)
                        .collect(Collectors.toSet());
        document.getComponents()
                .getResponses()
                .keySet()
                .removeIf(name -> !answers.contains("#/components/responses/" + name));
    }

    private static Map<HttpMethod, Operation> operations(OpenAPI document, String path) {
        PathItem item = document.getPaths().get(path);
        return item == null ? Map.of() : item.readOperationsMap();
    }

    private static void addTheBase(OpenAPI document) {
        OpenAPI base = Json31.mapper().convertValue(read("base"), OpenAPI.class);
        document.setInfo(base.getInfo());
        document.setServers(base.getServers());
        document.setTags(base.getTags());
        var components = document.getComponents();
        components.setSecuritySchemes(base.getComponents().getSecuritySchemes());
        components.setHeaders(base.getComponents().getHeaders());
        for (ProblemCode code : ProblemCode.values()) {
            components.addResponses(code.slug(), described(List.of(code)));
        }
        base.getComponents().getSchemas().forEach(components::addSchemas);
        Objects.requireNonNull(components.getSchemas().get("Problem"))
                .addProperty("code", code(EnumSet.allOf(ProblemCode.class)));
    }

    private static Map<String, Object> read(String name) {
        try (InputStream in = new ClassPathResource("openapi/" + name + ".yaml").getInputStream()) {
            return new Yaml().load(in);
        } catch (IOException e) {
            throw new IllegalStateException("The jar is not whole.", e);
        }
    }

    private static void complete(
            OpenAPI document,
            Operation operation,
            HttpMethod http,
            String path,
            RequestMappingInfo mapping,
            HandlerMethod method) {
        Answers answers =
                Objects.requireNonNull(
                        AnnotatedElementUtils.findMergedAnnotation(
                                method.getMethod(), Answers.class),
                        () -> method + " lacks @Answers");
        boolean admin = path.startsWith(ADMIN);
        boolean needsCaller =
                admin
                        || Arrays.stream(method.getMethodParameters())
                                .anyMatch(p -> p.getParameterType() == Caller.class);
        operation.setTags(List.of(tag(path)));
        operation.setOperationId(
                method.getBeanType().getSimpleName().replaceFirst("Controller$", "")
                        + "_"
                        + method.getMethod().getName());
        operation.setSecurity(needsCaller ? callers(admin) : null);
        operation.setDescription(
                Objects.equals(operation.getSummary(), operation.getDescription())
                        ? null
                        : plain(operation.getDescription()));
        operation.setSummary(plain(operation.getSummary()));

        mapping.getConsumesCondition().getConsumableMediaTypes().stream()
                .findFirst()
                .ifPresent(type -> operation.setRequestBody(bodyThatIsReadByHand(type)));
        Content content = bodyOf(operation, answers, mapping, document);
        var responses = new TreeMap<String, ApiResponse>();
        for (HttpStatus status : answers.value()) {
            responses.put(
                    key(status),
                    success(
                            status,
                            status == HttpStatus.NO_CONTENT ? null : content,
                            answers.headers()));
        }
        if (http == HttpMethod.GET && List.of(answers.headers()).contains("ETag")) {
            responses.put(
                    key(HttpStatus.NOT_MODIFIED),
                    success(HttpStatus.NOT_MODIFIED, null, answers.headers()));
            operation.addParametersItem(
                    new Parameter()
                            .in("header")
                            .name("If-None-Match")
                            .description("the `ETag` of what is known already")
                            .schema(new JsonSchema().typesItem("string")));
        }
        Set<ProblemCode> problems =
                problems(operation, answers, needsCaller, admin, content != null);
        problems.stream()
                .collect(
                        Collectors.groupingBy(
                                ProblemCode::status, TreeMap::new, Collectors.toList()))
                .forEach((status, codes) -> responses.put(key(status), refusal(codes)));
        var all = new ApiResponses();
        all.putAll(responses);
        operation.setResponses(all);
    }

    /** {@code claims}, {@code campaigns}, or {@code admin-} and what is administered. */
    private static String tag(String path) {
        return path.startsWith(ADMIN)
                ? "admin-" + path.substring(ADMIN.length()).replaceFirst("/.*", "")
                : path.contains("/claims")
                        ? "claims"
                        : path.substring(ROOT.length()).replaceFirst("/.*", "");
    }

    /** A token, or the headers of a gateway; which of them is a matter of configuration. */
    private static List<SecurityRequirement> callers(boolean admin) {
        return admin
                ? List.of(
                        new SecurityRequirement().addList("bearer", "coupon.admin"),
                        new SecurityRequirement().addList("user").addList("scopes"))
                : List.of(
                        new SecurityRequirement().addList("bearer"),
                        new SecurityRequirement().addList("user"));
    }

    /** A method that says what media types it takes reads them by itself, as a stream or a tree. */
    private static RequestBody bodyThatIsReadByHand(org.springframework.http.MediaType type) {
        Schema<?> schema =
                type.getSubtype().equals("merge-patch+json")
                        ? new JsonSchema().$ref("CampaignPatch")
                        : new JsonSchema().typesItem("string");
        return new RequestBody().required(true).content(content(type.toString(), schema));
    }

    /** What springdoc has found, or else what the annotation says. */
    private static @Nullable Content bodyOf(
            Operation operation, Answers answers, RequestMappingInfo mapping, OpenAPI document) {
        if (answers.body() == Void.class) {
            ApiResponse found = operation.getResponses().get(key(HttpStatus.OK));
            return found == null ? null : found.getContent();
        }
        String type =
                mapping.getProducesCondition().getProducibleMediaTypes().stream()
                        .findFirst()
                        .map(Object::toString)
                        .orElse(JSON);
        if (answers.body() == String.class) {
            return content(type, new JsonSchema().typesItem("string"));
        }
        ModelConverters.getInstance(true)
                .readAll(answers.body())
                .forEach(document.getComponents()::addSchemas);
        return content(type, new JsonSchema().$ref(BodySchemas.nameOf(answers.body())));
    }

    private static ApiResponse success(
            HttpStatus status, @Nullable Content content, String[] headers) {
        var response = new ApiResponse().description(status.getReasonPhrase()).content(content);
        Stream<String> ofStatus =
                switch (status) {
                    case CREATED -> Stream.of("Location");
                    case ACCEPTED -> Stream.of("Location", "Retry-After");
                    default -> Stream.empty();
                };
        Stream.concat(ofStatus, Stream.of(headers)).forEach(name -> refer(response, name));
        return response;
    }

    private static void refer(ApiResponse response, String header) {
        response.addHeaderObject(header, new Header().$ref("#/components/headers/" + header));
    }

    /** What the operation says itself, and what follows from its route. */
    private static Set<ProblemCode> problems(
            Operation operation,
            Answers answers,
            boolean needsCaller,
            boolean admin,
            boolean hasContent) {
        Set<ProblemCode> problems =
                EnumSet.of(
                        ProblemCode.INVALID_REQUEST,
                        ProblemCode.BODY_TOO_LARGE,
                        ProblemCode.INTERNAL_ERROR,
                        ProblemCode.UNAVAILABLE);
        problems.addAll(List.of(answers.problems()));
        if (!admin) {
            // operators are not counted
            problems.add(ProblemCode.RATE_LIMITED);
            problems.add(ProblemCode.OVERLOADED);
        }
        if (needsCaller) {
            problems.add(ProblemCode.UNAUTHENTICATED);
        }
        if (admin) {
            problems.add(ProblemCode.FORBIDDEN);
        }
        if (hasContent) {
            problems.add(ProblemCode.NOT_ACCEPTABLE);
        }
        if (operation.getRequestBody() != null) {
            problems.add(ProblemCode.UNSUPPORTED_MEDIA_TYPE);
        }
        return problems;
    }

    /** One code is the same wherever it is answered; several under one status stand together. */
    private static ApiResponse refusal(List<ProblemCode> codes) {
        return codes.size() == 1
                ? new ApiResponse().$ref(codes.getFirst().slug())
                : described(codes);
    }

    private static ApiResponse described(List<ProblemCode> codes) {
        Schema<?> problem = new JsonSchema().$ref("Problem").addProperty("code", code(codes));
        var response =
                new ApiResponse()
                        .description(
                                codes.stream()
                                        .map(code ->
                                                "`%s`: %s"
                                                        .formatted(
                                                                code.slug(),
                                                                code.title(Language.ENGLISH)))
                                        .collect(Collectors.joining("\n\n")))
                        .content(content(PROBLEM_JSON, problem));
        if (codes.stream().anyMatch(ApiDocument::saysWhenToAskAgain)) {
            refer(response, "Retry-After");
        }
        if (codes.contains(ProblemCode.RATE_LIMITED)) {
            refer(response, "RateLimit-Policy");
            refer(response, "RateLimit");
        }
        if (codes.contains(ProblemCode.UNAUTHENTICATED)) {
            refer(response, "WWW-Authenticate");
        }
        return response;
    }

    private static Content content(String type, Schema<?> schema) {
        return new Content().addMediaType(type, new MediaType().schema(schema));
    }

    private static boolean saysWhenToAskAgain(ProblemCode code) {
        return code.isPassing()
                || code.status() == HttpStatus.TOO_MANY_REQUESTS
                || code == ProblemCode.NOT_OPEN_YET;
    }

    private static Schema<?> code(Collection<ProblemCode> codes) {
        var schema = new StringSchema();
        schema.typesItem("string").description("What went wrong, for programs.");
        codes.stream().map(ProblemCode::slug).sorted().forEach(schema::addEnumItem);
        return schema;
    }

    private static String key(HttpStatus status) {
        return Integer.toString(status.value());
    }

    private static void addTheWords(OpenAPI document) {
        Map<String, Object> words = read("words");
        document.getComponents()
                .getSchemas()
                .forEach((name, schema) -> explainProperties(name, schema, words));
        document.getPaths().values().stream()
                .flatMap(item -> item.readOperations().stream())
                .filter(operation -> operation.getParameters() != null)
                .forEach(operation ->
                        operation
                                .getParameters()
                                .forEach(parameter ->
                                        parameter.setSchema(
                                                explained(
                                                        parameter.getSchema(),
                                                        wordOf(operation, parameter, words)))));
    }

    private static @Nullable Object wordOf(
            Operation operation, Parameter parameter, Map<String, Object> words) {
        return words.getOrDefault(
                operation.getOperationId() + "." + parameter.getName(),
                words.get(parameter.getName()));
    }

    private static void explainProperties(
            String name, Schema<?> schema, Map<String, Object> words) {
        schema.setDescription(plain(schema.getDescription()));
        schema.getProperties()
                .replaceAll((property, its) ->
                        explained(
                                its,
                                words.getOrDefault(name + "." + property, words.get(property))));
    }

    /** The text of a Javadoc comment without its line breaks and mark-up. */
    private static @Nullable String plain(@Nullable String javadoc) {
        return javadoc == null
                ? null
                : javadoc.replaceAll("\\s+", " ")
                        .replaceAll(" ?</?p> ?", "\n\n")
                        .replaceAll("</?code>", "`")
                        .strip();
    }

    /** What is said already stays; a word of another type is another word. */
    private static Schema<?> explained(Schema<?> schema, @Nullable Object word) {
        schema.setDescription(plain(schema.getDescription()));
        if (word == null) {
            return schema;
        }
        Map<String, Object> known = Json31.mapper().convertValue(schema, MAP);
        Map<String, Object> explained =
                new LinkedHashMap<>(Json31.mapper().convertValue(word, MAP));
        if (!isOf(known.get("type"), explained.get("type"))
                || !Objects.equals(known.get("format"), explained.get("format"))) {
            return schema;
        }
        explained.putAll(known);
        return Json31.mapper().convertValue(explained, Schema.class);
    }

    private static boolean isOf(@Nullable Object type, @Nullable Object word) {
        return type instanceof List<?> types ? types.contains(word) : Objects.equals(type, word);
    }
}
