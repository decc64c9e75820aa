import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** JSON with exact numbers; the JDK has none. */
final class Json {
    private static final int DEEPEST = 400;
    private static final Pattern NUMBER =
            Pattern.compile("-?(0|[1-9][0-9]*)([.][0-9]+)?([eE][+-]?[0-9]{1,6})?");
    private static final String SPACE = " \t\r\n";
    private static final Map<Character, Character> ESCAPES = Map.of('"', '"', '\\', '\\', '/', '/',
            'b', '\b', 'f', '\f', 'n', '\n', 'r', '\r', 't', '\t');
    private final String text;
    private int at;
    private int depth;

    private Json(String text) {
        this.text = text;
    }

    static Object parse(byte[] data) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(data);
            Json json = new Json(StandardCharsets.UTF_8.newDecoder().decode(bytes).toString());
            Object value = json.value();
            if (json.peek() != '\0' || json.at < json.text.length()) throw json.wrong();
            return value;
        } catch (CharacterCodingException problem) {
            throw new Enad.Refused(400, "The body is not UTF-8.");
        }
    }

    private Enad.Refused wrong() {
        return new Enad.Refused(400, "The body is not JSON at character " + at + ".");
    }

    private char peek() {
        while (at < text.length() && SPACE.indexOf(text.charAt(at)) >= 0) at++;
        return at < text.length() ? text.charAt(at) : '\0';
    }

    private boolean takes(char wanted) {
        if (peek() != wanted || at == text.length()) return false;
        at++;
        return true;
    }

    private void need(char wanted) {
        if (!takes(wanted)) throw wrong();
    }

    private Object value() {
        if (depth > DEEPEST) throw new Enad.Refused(400, "The body is nested too deeply.");
        char first = peek();
        if (first == '{') return object();
        if (first == '[') return array();
        if (first == '"') return string();
        for (String word : List.of("true", "false", "null")) {
            if (!text.startsWith(word, at)) continue;
            at += word.length();
            return word.equals("null") ? null : Boolean.valueOf(word);
        }
        Matcher number = NUMBER.matcher(text).region(at, text.length());
        if (!number.lookingAt()) throw wrong();
        at = number.end();
        return new BigDecimal(number.group());
    }

    private Map<String, Object> object() {
        Map<String, Object> members = new LinkedHashMap<>();
        need('{');
        depth++;
        if (!takes('}')) {
            do {
                if (peek() != '"') throw wrong();
                String name = string();
                need(':');
                members.put(name, value());
            } while (takes(','));
            need('}');
        }
        depth--;
        return members;
    }

    private List<Object> array() {
        List<Object> elements = new ArrayList<>();
        need('[');
        depth++;
        if (!takes(']')) {
            do elements.add(value()); while (takes(','));
            need(']');
        }
        depth--;
        return elements;
    }

    private String string() {
        StringBuilder made = new StringBuilder();
        for (at++; at < text.length(); at++) {
            char character = text.charAt(at);
            if (character == '"') {
                at++;
                return made.toString();
            }
            if (character < ' ') throw wrong();
            made.append(character == '\\' ? escaped() : character);
        }
        throw wrong();
    }

    private char escaped() {
        at++;
        if (at >= text.length()) throw wrong();
        if (text.charAt(at) != 'u') {
            Character meant = ESCAPES.get(text.charAt(at));
            if (meant == null) throw wrong();
            return meant;
        }
        String digits = text.substring(at + 1, Math.min(at + 5, text.length()));
        if (!digits.matches("[0-9a-fA-F]{4}")) throw wrong();
        at += 4;
        return (char) Integer.parseInt(digits, 16);
    }

    static String text(Object value) {
        if (value instanceof Map)
            return ((Map<?, ?>) value).entrySet().stream()
                    .map(member -> quoted((String) member.getKey()) + ":" + text(member.getValue()))
                    .collect(Collectors.joining(",", "{", "}"));
        if (value instanceof List)
            return ((List<?>) value).stream().map(Json::text)
                    .collect(Collectors.joining(",", "[", "]"));
        return value instanceof String ? quoted((String) value) : String.valueOf(value);
    }

    private static String quoted(String value) {
        return value.chars()
                .mapToObj(one -> one < ' ' || one > '~' || one == '"' || one == '\\'
                        ? String.format("\\u%04x", one) : String.valueOf((char) one))
                .collect(Collectors.joining("", "\"", "\""));
    }
}
