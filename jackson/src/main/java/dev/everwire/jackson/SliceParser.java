package dev.everwire.jackson;

import dev.everwire.protocol.json.RawJson;
import tools.jackson.core.JsonParser;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.util.JsonParserDelegate;

/**
 * Knows the text it parses, so that a part can be taken as it stands, and lets no number become
 * infinite. For one text.
 */
final class SliceParser extends JsonParserDelegate {
  private final RawJson text;

  /**
   * @param text what the parser is going to parse, from its beginning
   */
  SliceParser(JsonParser parser, RawJson text) {
    super(parser);
    this.text = text;
  }

  /** Reads the value at whose first token this stands to its end and gives its text. */
  RawJson slice() {
    int from = (int) currentTokenLocation().getByteOffset();
    skipChildren();
    finishToken();
    int to = (int) currentLocation().getByteOffset();
    return RawJson.trusted(text.array(), text.offset() + from, text.offset() + to);
  }

  @Override
  public double getDoubleValue() {
    double value = super.getDoubleValue();
    if (Double.isInfinite(value)) {
      throw tooLarge(double.class);
    }
    return value;
  }

  @Override
  public float getFloatValue() {
    float value = super.getFloatValue();
    if (Float.isInfinite(value)) {
      throw tooLarge(float.class);
    }
    return value;
  }

  @Override
  public Number getNumberValue() {
    Number value = super.getNumberValue();
    if ((value instanceof Double || value instanceof Float)
        && Double.isInfinite(value.doubleValue())) {
      throw tooLarge(value.getClass());
    }
    return value;
  }

  private InputCoercionException tooLarge(Class<?> type) {
    return new InputCoercionException(this, "too large", currentToken(), type);
  }
}
