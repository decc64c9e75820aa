"""The contract as data: operations, responses, links, rules and the clauses they amount to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from orderspec.findings import Clause, ClauseKind, Evidence


@dataclass(frozen=True, slots=True)
class Rule:
    """A clause in CEL.

    Attributes:
        id: permanent, such as ``acme.line-item.total``.
        check: the CEL expression that must hold.
        message: the promise in words.
        when: a CEL expression that limits the rule to where it applies, or None.
        each: ``name in path``: the rule is evaluated once for each element, bound to the name.
        refusal: for requests that break the rule: ``required`` (a server must refuse them),
            ``allowed`` (it may), or ``unsure`` (no document speaks of it: nothing is wrong, but a
            campaign does not count on acceptance).
        reachable: whether the contract's operations lead to where the rule applies; if not, only
            payloads from elsewhere can exercise it.
        kind: RULE, or LINK for a rule between two exchanges.
        evidence: the nearest evidence upwards.
        where: JSON Pointer of the rule in the bundle.
    """

    id: str
    check: str
    message: str
    when: str | None = None
    each: str | None = None
    refusal: str = "required"
    reachable: bool = True
    kind: ClauseKind = ClauseKind.RULE
    evidence: Evidence | None = None
    where: str = ""

    @property
    def clause(self) -> Clause:
        """The rule as a clause."""
        return Clause(self.id, self.kind, self.message, self.evidence)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of an operation; `location` is path, query or header."""

    name: str
    location: str
    required: bool
    schema: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SecurityScheme:
    """A way to show who calls.

    Attributes:
        name: as in ``components.securitySchemes``; credentials are given under it.
        type: ``http`` or ``apiKey``.
        scheme: ``bearer`` or ``basic`` for http.
        location: ``header`` or ``query`` for apiKey.
        parameter: the header's or the parameter's name for apiKey.
    """

    name: str
    type: str
    scheme: str = ""
    location: str = "header"
    parameter: str = "Authorization"


SAFE = ("GET", "HEAD", "OPTIONS")
"""Methods that only read."""


@dataclass(frozen=True, slots=True)
class Link:
    """What can be called next with what an answer gave.

    Attributes:
        name: the link's name in the response.
        source: operation that answered.
        target: operation to call next.
        parameters: parameter name to runtime expression or constant.
        request_body: runtime expression, or a value holding such expressions, or None.
        known: pointer into the request's body to noun: where to put something else that exists.
        after: name of the link of the same answer that is followed right before, or empty.
        rules: what must hold between the two exchanges.
    """

    name: str
    source: str
    target: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    request_body: Any = None
    known: Mapping[str, str] = field(default_factory=dict)
    after: str = ""
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class ResponseSpec:
    """What a status answers.

    Attributes:
        status: a code, a class such as ``4XX``, or ``default``.
        schema: JSON Pointer of the schema of a JSON body in the bundle, or None.
        links: what can be called next.
        evidence: the nearest evidence upwards.
        others: the media types besides JSON that a client may ask for; such bodies are left open.
    """

    status: str
    schema: str | None
    links: tuple[Link, ...] = ()
    evidence: Evidence | None = None
    others: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation.

    Attributes:
        id: its operationId.
        method: upper case.
        path: the template, such as ``/v2/orders/{order_id}``.
        parameters: path, query and header parameters.
        body: JSON Pointer of the request body's schema in the bundle, or None.
        body_required: whether a body must be sent.
        responses: by status, in the contract's order.
        security: alternatives; in each, the schemes that must all be given.
        rules: on the operation's request and response.
        evidence: the nearest evidence upwards.
        offered: whether every server has the operation; else a refusal proves nothing.
    """

    id: str
    method: str
    path: str
    parameters: tuple[Parameter, ...] = ()
    body: str | None = None
    body_required: bool = False
    responses: Mapping[str, ResponseSpec] = field(default_factory=dict)
    security: tuple[tuple[SecurityScheme, ...], ...] = ()
    rules: tuple[Rule, ...] = ()
    evidence: Evidence | None = None
    offered: bool = True

    @property
    def is_secured(self) -> bool:
        """Whether it is closed to those without credentials."""
        return bool(self.security) and all(self.security)

    @property
    def may_change(self) -> bool:
        """Whether it may change what its path leads to."""
        return self.method not in SAFE

    def response_for(self, status: int) -> ResponseSpec | None:
        """Find what the contract says of a status: the code, its class, else the default."""
        for key in (str(status), f"{status // 100}XX", "default"):
            if key in self.responses:
                return self.responses[key]
        return None

    @property
    def links(self) -> tuple[Link, ...]:
        """All links of all responses."""
        return tuple(link for spec in self.responses.values() for link in spec.links)

    def before(self, link: Link) -> Link | None:
        """Find the link that another one of this operation comes after, if it does."""
        return next((one for one in self.links if link.after and one.name == link.after), None)


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a document, or an object of an example: all that it names is in the contract.

    Attributes:
        name: as a reader finds it in the document.
        members: name as the document prints it to the member of the contract.
        schema: title of the schema that defines the members; `#` and a JSON Pointer may follow.
        operation: id of the operation whose parameters and credentials the members are instead.
    """

    name: str
    members: Mapping[str, str]
    schema: str = ""
    operation: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """A document that a contract rests on."""

    id: str
    title: str
    address: str = ""
    date: str = ""
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Contract:
    """One provider's contract. No two objects are the same one: caches go by the object.

    Attributes:
        name: the provider's folder, or the file's stem for a description given by path.
        document: the bundle: one OpenAPI document, every `$ref` inside it.
        operations: by operationId.
        schemas: title to JSON Pointer in the bundle.
        rules: every rule by id.
        sources: every source by id; the first one is the document that the contract is for.
    """

    name: str
    document: Mapping[str, Any]
    operations: Mapping[str, Operation]
    schemas: Mapping[str, str]
    rules: Mapping[str, Rule]
    sources: Mapping[str, Source]
