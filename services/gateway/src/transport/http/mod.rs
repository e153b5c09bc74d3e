//! HTTP: Kannel's `sendsms`, RapidPro's external channel, and the callbacks of both.

pub mod callbacks;
pub mod client;
pub mod kannel;
pub mod rapidpro;

use broker::percent::{self, encode};

/// `application/x-www-form-urlencoded`: everything but letters, digits and `-._~` as percent and hex.
#[must_use]
pub fn form(fields: &[(&str, &str)]) -> String {
    fields.iter().map(|(key, value)| format!("{}={}", encode(key), encode(value))).collect::<Vec<_>>().join("&")
}

/// The fields of a form or query; unreadable ones are left out.
#[must_use]
pub fn fields(text: &str) -> Vec<(String, String)> {
    // A plus sign is a blank here (HTML forms), and nowhere else.
    let decode = |text: &str| String::from_utf8(percent::decode(&text.replace('+', " "))?).ok();
    text.split('&')
        .filter_map(|pair| {
            let (key, value) = pair.split_once('=')?;
            Some((decode(key)?, decode(value)?))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn whatever_goes_out_comes_back(key in "[a-z]{1,9}", value in "\\PC{0,40}") {
            let text = form(&[(&key, &value), ("other", "")]);
            proptest::prop_assert!(text.is_ascii() && !text.contains([' ', '\n']));
            proptest::prop_assert_eq!(&fields(&text)[0], &(key, value));
        }

        #[test]
        fn nothing_makes_it_panic(text in "\\PC{0,60}") {
            let _ = fields(&text);
        }
    }
}
