"""The words that a schema may use: keyword tables, formats, and why each of ours is there."""

ONE = frozenset(
    {
        "additionalProperties",
        "contains",
        "contentSchema",
        "else",
        "if",
        "items",
        "not",
        "propertyNames",
        "then",
        "unevaluatedItems",
        "unevaluatedProperties",
    }
)
LIST = frozenset({"allOf", "anyOf", "oneOf", "prefixItems"})
MAP = frozenset({"$defs", "dependentSchemas", "patternProperties", "properties"})
PLAIN = frozenset(
    {
        *("$ref", "$comment", "$schema", "$id", "$anchor", "$dynamicRef", "$dynamicAnchor"),
        *("$vocabulary", "type", "enum", "const", "title", "description", "default"),
        *("examples", "deprecated", "readOnly", "writeOnly", "format", "required"),
        *("dependentRequired", "multipleOf", "minimum", "maximum", "exclusiveMinimum"),
        *("exclusiveMaximum", "minLength", "maxLength", "pattern", "minItems", "maxItems"),
        *("uniqueItems", "minContains", "maxContains", "minProperties", "maxProperties"),
        *("contentEncoding", "contentMediaType"),
    }
)
OPENAPI = frozenset({"discriminator", "example", "externalDocs", "xml"})
STANDARD = ONE | LIST | MAP | PLAIN | OPENAPI

EVERYWHERE = {
    "x-evidence": "a clause is as strong as the document behind it",
    "x-topics": "APIs are compared by what they say of the same things",
}
ON_SCHEMAS = {
    "x-rules": "JSON Schema relates no two members of a payload",
    "x-fresh": "an idempotency key that is sent twice is a replay, not a request",
    "x-refers-to": "a request that names what does not exist is refused, and rightly",
    "x-names": "inside one payload, what a member may refer to is what another one names",
    "x-refusal": "what a document calls wrong in a request, not every server looks at",
    "x-unify": "values that a payload must agree on cannot be drawn one by one",
}
ON_BUNDLED_FILES = {
    "x-file": "a report names the file and line that a person can edit",
}
ON_RULED_OBJECTS = {
    "x-rules": "OpenAPI relates neither request and response nor two exchanges",
    "x-refusal": "an operation that not every deployment has is refused, and rightly",
    "x-known": "a runtime expression sees one exchange, and a batch is of several",
    "x-after": "what a change leaves alone shows in neither of two exchanges alone",
}

FORMATS = {
    "date": "RFC 3339",
    "date-time": "RFC 3339",
    "time": "RFC 3339",
    "duration": "ISO 8601, as RFC 3339 quotes it",
    "email": "RFC 5321",
    "idn-email": "RFC 6531",
    "hostname": "RFC 1123",
    "idn-hostname": "RFC 5890",
    "ipv4": "RFC 2673",
    "ipv6": "RFC 4291",
    "uri": "RFC 3986",
    "uri-reference": "RFC 3986",
    "iri": "RFC 3987",
    "iri-reference": "RFC 3987",
    "uri-template": "RFC 6570",
    "uuid": "RFC 4122",
    "json-pointer": "RFC 6901",
    "relative-json-pointer": "the JSON Schema specification refers to it",
    "regex": "ECMA-262",
    "int32": "OpenAPI; bounds beside it bind, the format only tells",
    "int64": "OpenAPI; bounds beside it bind, the format only tells",
    "float": "OpenAPI; how precise the server's number is",
    "double": "OpenAPI; how precise the server's number is",
    "byte": "OpenAPI 3.0; base64 text",
    "binary": "OpenAPI 3.0; any bytes",
    "password": "OpenAPI; hidden where it is shown",
    "decimal": "ours: a string that holds a number, so that no reader rounds it",
}
