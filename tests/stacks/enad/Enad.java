// Enad orders in Java, from the vendor's pages alone: it knows nothing of the contract.
//
// It differs on purpose from the reference server where the pages leave room: one team and one app,
// null taken for absent, absent members answered as null, 422 for what breaks a rule, members that
// nobody documented, JSON in ASCII.
//
// Usage: java Enad TEAM APP PRODUCT VARIANT...

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

public final class Enad {
    static final Set<String> STATUSES =
            Set.of("placed", "refunded", "compensated", "released", "delivered", "cancelled");
    static final List<String> REQUIRED_TEXTS =
            List.of("country_code", "currency_code", "language_code", "reference", "source");
    static final List<String> TEXTS = List.of("payment_method", "payment_method_id",
            "payment_method_name", "session_id", "merchant_user_id");
    static final List<String> TOTALS = List.of("bonus_total", "discount_total", "gift_card_total",
            "shipping_total", "sub_total", "tax_total");
    static final List<String> ADDRESSES = List.of("billing_address", "shipping_address");
    static final List<String> ADDRESS_TEXTS = List.of("city", "country_code", "email",
            "family_name", "given_name", "postal_code", "state_or_province", "street_address",
            "street_address_2", "telephone_number");
    static final List<String> LINE_TEXTS = List.of("currency_code", "product_id", "variant_id");
    static final List<String> LINE_AMOUNTS = List.of("base_price_amount", "total_price_amount");
    static final List<String> MORE_AMOUNTS = List.of("total_discount_amount", "total_tax_amount");
    static final int LARGEST_BODY = 1 << 20;

    final Map<String, List<Map<String, Object>>> linesOfOrders = new ConcurrentHashMap<>();
    final String base;
    final String product;
    final Set<String> variants;

    Enad(List<String> arguments) {
        base = "/api/v1/" + arguments.get(0) + "/" + arguments.get(1) + "/orders";
        product = arguments.get(2);
        variants = Set.copyOf(arguments.subList(3, arguments.size()));
    }

    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;
        final int status;

        Refused(int status, String message) {
            super(message);
            this.status = status;
        }
    }

    public static void main(String[] arguments) throws IOException {
        System.setProperty("sun.net.httpserver.nodelay", "true");
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        Enad enad = new Enad(List.of(arguments));
        server.createContext("/", enad::answer);
        server.setExecutor(Executors.newFixedThreadPool(4));
        server.start();
        System.out.println("Serving at http://127.0.0.1:" + server.getAddress().getPort());
    }

    // From a request to an answer

    void answer(HttpExchange exchange) throws IOException {
        int status;
        Map<String, Object> envelope = new LinkedHashMap<>();
        try {
            Map.Entry<Integer, Object> done = handle(exchange);
            status = done.getKey();
            envelope.put("data", done.getValue());
            envelope.put("details", List.of());
            envelope.put("success", true);
        } catch (Refused problem) {
            status = problem.status;
            envelope.put("details", List.of(problem.getMessage()));
            envelope.put("success", false);
        }
        byte[] body = Json.text(envelope).getBytes(StandardCharsets.US_ASCII);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        boolean isHead = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, isHead ? -1 : body.length);
        if (!isHead) exchange.getResponseBody().write(body);
        exchange.close();
    }

    Map.Entry<Integer, Object> handle(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readNBytes(LARGEST_BODY + 1);
        exchange.getRequestBody().readAllBytes();
        String path = exchange.getRequestURI().getRawPath();
        if (!path.startsWith(base)) throw new Refused(404, "There is no such team or app.");
        String[] parts = path.substring(base.length()).split("/", -1);
        String method = exchange.getRequestMethod();
        if (parts.length == 1 && parts[0].isEmpty()) {
            need(method, "POST");
            return Map.entry(201, created(object(exchange, body)));
        }
        if (parts.length < 3 || !parts[2].equals("lines")) throw new Refused(404, "Nothing here.");
        List<Map<String, Object>> lines = linesOfOrders.get(parts[1]);
        if (lines == null) throw new Refused(404, "There is no such order.");
        if (parts.length == 3) {
            need(method, "GET");
            return Map.entry(200, lines);
        }
        need(method, "PATCH");
        return Map.entry(200, changed(lines, parts[3], object(exchange, body)));
    }

    static void need(String method, String needed) {
        if (!method.equals(needed)) throw new Refused(405, "That cannot be done here.");
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> object(HttpExchange exchange, byte[] body) {
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        boolean isJson = type != null && type.split(";")[0].strip().equals("application/json");
        if (!isJson) throw new Refused(415, "A body is sent as application/json.");
        if (body.length > LARGEST_BODY) throw new Refused(413, "The body is too large.");
        Object value = Json.parse(body);
        if (value instanceof Map) return (Map<String, Object>) value;
        throw new Refused(400, "The body is no object.");
    }

    // What the API does

    Map<String, Object> created(Map<String, Object> sent) {
        String id = UUID.randomUUID().toString();
        String now = Instant.now().toString();
        Map<String, Object> order = new LinkedHashMap<>(Map.of("id", id, "created_at", now));
        order.put("updated_at", now);
        for (String name : REQUIRED_TEXTS) order.put(name, required(text(sent, name), name));
        for (String name : TEXTS) order.put(name, text(sent, name));
        order.put("grand_total", required(amount(sent, "grand_total"), "grand_total"));
        for (String name : TOTALS) order.put(name, amount(sent, name));
        for (String name : ADDRESSES) order.put(name, address(sent.get(name), name, now));
        String status = required(text(sent, "status"), "status");
        if (!STATUSES.contains(status)) throw new Refused(422, "status is not known.");
        List<?> methods = list(sent.get("shipping_methods"), "shipping_methods");
        if (!methods.stream().allMatch(String.class::isInstance))
            throw new Refused(422, "shipping_methods are texts.");
        order.put("shipping_methods", methods);
        Object user = order.remove("merchant_user_id");
        order.put("merchant_user", user == null ? null : Map.of("id", user));
        List<?> lines = list(sent.get("lines"), "lines");
        if (lines.isEmpty()) throw new Refused(422, "An order has a line.");
        List<Map<String, Object>> made = lines.stream()
                .map(line -> line(line, new LinkedHashMap<>(), id)).collect(Collectors.toList());
        order.put("order_lines", made);
        order.put("discounts", List.of());
        order.put("user_content", null);
        order.put("fulfilment", Map.of("state", status));
        linesOfOrders.put(id, new ArrayList<>(made));
        return order;
    }

    static Object address(Object sent, String name, String now) {
        if (sent == null) return null;
        if (!(sent instanceof Map)) throw new Refused(422, name + " is an object.");
        Map<String, Object> address = new LinkedHashMap<>();
        for (String member : ADDRESS_TEXTS) address.put(member, text((Map<?, ?>) sent, member));
        address.put("id", UUID.randomUUID().toString());
        address.put("created_at", now);
        return address;
    }

    Map<String, Object> line(Object sent, Map<String, Object> before, String order) {
        if (!(sent instanceof Map)) throw new Refused(422, "A line is an object.");
        Map<?, ?> given = (Map<?, ?>) sent;
        Map<String, Object> line = new LinkedHashMap<>(before);
        String now = Instant.now().toString();
        line.putIfAbsent("id", UUID.randomUUID().toString());
        line.putIfAbsent("created_at", now);
        line.put("order_id", order);
        line.put("updated_at", now);
        for (String name : LINE_TEXTS) line.put(name, required(text(given, name), name));
        for (String name : LINE_AMOUNTS) line.put(name, required(amount(given, name), name));
        for (String name : MORE_AMOUNTS)
            line.merge(name, amount(given, name) == null ? BigDecimal.ZERO : amount(given, name),
                    (old, other) -> amount(given, name) == null ? old : other);
        String group = text(given, "tax_group_id");
        if (group != null) line.put("tax_group_id", group);
        BigDecimal quantity = required(amount(given, "quantity"), "quantity");
        if (quantity.signum() == 0 || quantity.stripTrailingZeros().scale() > 0)
            throw new Refused(422, "quantity is a whole number from 1.");
        line.put("quantity", quantity);
        if (!line.get("product_id").equals(product)) throw new Refused(422, "No such product.");
        if (!variants.contains(line.get("variant_id"))) throw new Refused(422, "No such variant.");
        line.put("total_sale_price", line.get("total_price_amount"));
        line.put("product_name", "Anorak");
        return line;
    }

    Map<String, Object> changed(
            List<Map<String, Object>> lines, String id, Map<String, Object> sent) {
        synchronized (lines) {
            for (int index = 0; index < lines.size(); index++) {
                Map<String, Object> before = lines.get(index);
                if (!before.get("id").equals(id)) continue;
                lines.set(index, line(sent, before, (String) before.get("order_id")));
                return lines.get(index);
            }
        }
        throw new Refused(404, "There is no such line.");
    }

    static <T> T required(T value, String name) {
        if (value == null) throw new Refused(422, name + " is missing.");
        return value;
    }

    static String text(Map<?, ?> sent, String name) {
        Object value = sent.get(name);
        if (value == null || value instanceof String) return (String) value;
        throw new Refused(422, name + " is a text.");
    }

    static BigDecimal amount(Map<?, ?> sent, String name) {
        Object value = sent.get(name);
        if (value == null) return null;
        if (value instanceof BigDecimal && ((BigDecimal) value).signum() >= 0)
            return (BigDecimal) value;
        throw new Refused(422, name + " is a number that is not negative.");
    }

    static List<?> list(Object value, String name) {
        if (value == null) return List.of();
        if (value instanceof List) return (List<?>) value;
        throw new Refused(422, name + " is a list.");
    }
}
