//! What a gateway's author reads agrees with what runs.

#[path = "support/excerpts.rs"]
#[expect(unreachable_pub, reason = "shared with an example")]
mod excerpts;

use std::path::Path;

use contract::{FailureCode, MAX_BODY, MAX_RECEIPT_BODY};
use domain::receipt::ReceiptKind;

fn read(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[test]
fn committed_schemas_are_up_to_date() {
    for (name, schema) in contract::schema::all() {
        assert!(
            read(&format!("schemas/{name}")) == contract::schema::text(&schema),
            "schemas/{name} is out of date: run `cargo run -p contract --example schemas`"
        );
    }
}

#[test]
fn excerpts_are_those_of_the_tested_gateways() {
    let (_, page, wanted) = excerpts::connect();
    assert!(page == wanted, "CONNECT.md is out of date: run `cargo run -p contract --example connect`");
    assert_eq!(page.matches("<!-- excerpt: ").count(), 4);
}

#[test]
fn the_page_lists_every_code_and_every_kind_of_receipt() {
    let page = read("CONNECT.md");
    for code in FailureCode::ALL {
        assert!(page.contains(&format!("\n| `{}` | ", code.as_str())), "{}", code.as_str());
    }
    for kind in ReceiptKind::ALL {
        assert!(page.contains(&format!("`{kind}`")), "{kind}");
    }
}

#[test]
fn asyncapi_refers_to_files_that_exist_and_to_the_right_limits() {
    let page = read("asyncapi.yaml");
    let files: Vec<_> = page.split("$ref: ./").skip(1).filter_map(|rest| rest.split_whitespace().next()).collect();
    assert_eq!(files.len(), 3);
    files.into_iter().for_each(|file| drop(read(file)));
    for limit in [MAX_BODY, MAX_RECEIPT_BODY] {
        assert!(page.contains(&format!("maxLength: {limit}\n")), "{limit}");
    }
}
