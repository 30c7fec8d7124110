package dev.everwire.jackson;

import dev.everwire.protocol.json.RawJson;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;

/** Lets values hold {@link RawJson}: written as it is, read as whatever stands there. */
final class RawJsonModule extends SimpleModule {
  private static final long serialVersionUID = 1L;

  RawJsonModule() {
    super("everwire-raw-json");
    addSerializer(RawJson.class, new Writer());
    addDeserializer(RawJson.class, new Reader());
  }

  private static final class Writer extends StdSerializer<RawJson> {
    Writer() {
      super(RawJson.class);
    }

    @Override
    public void serialize(RawJson value, JsonGenerator out, SerializationContext context) {
      out.writeRawValue(value.toString());
    }
  }

  private static final class Reader extends StdDeserializer<RawJson> {
    Reader() {
      super(RawJson.class);
    }

    @Override
    public RawJson deserialize(JsonParser in, DeserializationContext context) {
      return in instanceof SliceParser slices
          ? slices.slice()
          : RawJson.parse(context.readTree(in).toString()); // was buffered on its way here
    }

    @Override
    public RawJson getNullValue(DeserializationContext context) {
      return RawJson.NULL;
    }
  }
}
