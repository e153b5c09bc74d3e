//! What an SMSC reports about a message: by optional parameters, or in the text that appendix B of SMPP 3.4 describes
//! and every SMSC writes a little differently.

use contract::codes::{Meaning, smpp_stat, smpp_state};
use rusmpp::pdus::DeliverSm;
use rusmpp::tlvs::TlvValue;
use rusmpp::values::MessageType;

/// The message's id and its state; `None` for anything else, for instance a text that a person sent.
pub(super) fn read(pdu: &DeliverSm) -> Option<(String, Meaning)> {
    if pdu.esm_class.message_type != MessageType::ShortMessageContainsMCDeliveryReceipt {
        return None;
    }
    let (mut id, mut meaning) = (None, None);
    for value in pdu.tlvs().iter().filter_map(rusmpp::tlvs::Tlv::value) {
        match value {
            TlvValue::ReceiptedMessageId(text) => id = Some(text.as_str().to_owned()),
            TlvValue::MessageState(state) => meaning = Some(smpp_state(u8::from(*state))),
            _ => {}
        }
    }
    let text = String::from_utf8_lossy(pdu.short_message().as_ref()).into_owned();
    let id = id.or_else(|| field(&text, "id:").map(str::to_owned))?;
    let meaning = meaning.or_else(|| field(&text, "stat:").map(|stat| smpp_stat(&stat.to_uppercase())))?;
    Some((id, meaning))
}

fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    // What follows `text:` is the person's message: nothing in it may be read as a field.
    let head = text.split("text:").next().unwrap_or_default();
    let head = if head.is_empty() { text.split("Text:").next().unwrap_or_default() } else { head };
    head.split_whitespace().find_map(|word| word.strip_prefix(name)).filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use contract::FailureCode;
    use domain::receipt::ReceiptKind;
    use rusmpp::types::OctetString;
    use rusmpp::values::EsmClass;

    fn deliver(class: u8, text: &str) -> DeliverSm {
        let text = OctetString::from_slice(text.as_bytes()).expect("short");
        DeliverSm::builder().esm_class(EsmClass::from(class)).short_message(text).build()
    }

    #[test]
    fn table() {
        let delivered = Meaning::Report(ReceiptKind::Delivered);
        let rows = [
            (
                4,
                "id:a1 sub:001 dlvrd:001 submit date:2611291200 done date:2611291201 stat:DELIVRD err:000 text:Hi",
                Some(("a1", delivered)),
            ),
            (
                4,
                "id:77 stat:UNDELIV err:027",
                Some(("77", Meaning::Failure(ReceiptKind::Failed, FailureCode::Unreachable))),
            ),
            (4, "id:77 stat:ACCEPTD err:000", Some(("77", Meaning::Report(ReceiptKind::Sent)))),
            (4, "id:77 sub:1 text:stat:DELIVRD", None),
            (4, "id: stat:DELIVRD", None),
            (0, "id:77 stat:DELIVRD", None), // a person wrote that
            (4, "", None),
        ];
        for (at, (class, text, wanted)) in rows.into_iter().enumerate() {
            let wanted = wanted.map(|(id, meaning)| (id.to_owned(), meaning));
            assert_eq!(read(&deliver(class, text)), wanted, "row {at}");
        }
    }
}
