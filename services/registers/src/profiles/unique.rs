//! JSON of which no object has a key twice. The usual reader takes the last of two, and a restriction may be the first.

use std::fmt;

use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// Why a text is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// A key stands twice.
    KeyTwice,
    /// Not JSON.
    Malformed,
}

/// The value of a text.
pub(crate) fn parse(text: &[u8]) -> Result<Value, Fault> {
    let twice = std::cell::Cell::new(false);
    let mut reader = serde_json::Deserializer::from_slice(text);
    let read = Unique(&twice).deserialize(&mut reader).and_then(|value| reader.end().map(|()| value));
    read.map_err(|_| if twice.get() { Fault::KeyTwice } else { Fault::Malformed })
}

#[derive(Clone, Copy)]
struct Unique<'t>(&'t std::cell::Cell<bool>);

impl<'de> DeserializeSeed<'de> for Unique<'_> {
    type Value = Value;

    fn deserialize<D: serde::Deserializer<'de>>(self, from: D) -> Result<Value, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Unique<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Value, A::Error> {
        let mut all = Vec::new();
        while let Some(value) = from.next_element_seed(self)? {
            all.push(value);
        }
        Ok(Value::Array(all))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<Value, A::Error> {
        let mut all = Map::new();
        while let Some(key) = from.next_key::<String>()? {
            let value = from.next_value_seed(self)?;
            if all.insert(key, value).is_some() {
                self.0.set(true);
                return Err(A::Error::custom("a key stands twice"));
            }
        }
        Ok(Value::Object(all))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_may_stand_once_in_an_object_and_everything_else_is_as_usual() {
        let sound = r#"{"a":[1,-2,2.5,true,null,"x\ny",{"a":{}}],"b":"a"}"#;
        assert_eq!(parse(sound.as_bytes()), Ok(serde_json::from_str::<Value>(sound).expect("JSON")));
        for twice in [r#"{"a":1,"a":1}"#, r#"{"b":[{"a":1,"c":2,"a":3}]}"#] {
            assert_eq!(parse(twice.as_bytes()), Err(Fault::KeyTwice), "{twice}");
        }
        for broken in ["{", "{\"a\":1} x", "", "{\"a\"}"] {
            assert_eq!(parse(broken.as_bytes()), Err(Fault::Malformed), "{broken}");
        }
    }
}
