//! The dependency rule of the house, checked over the workspace's own graph.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

/// What each of our crates may use of the others.
const ALLOWED: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("linkage", &["domain"]),
    ("protection", &["domain"]),
    ("localisation", &["domain"]),
    ("contract", &["domain"]),
    ("registers", &["domain"]),
    ("store", &["domain"]),
    ("broker", &["domain"]),
    ("letters", &["domain"]),
    ("workers", &["domain", "linkage", "protection", "localisation", "contract", "registers", "store", "broker"]),
    (
        "admin",
        &["domain", "linkage", "protection", "localisation", "contract", "registers", "store", "broker", "workers"],
    ),
    ("gateway", &["domain", "contract", "broker", "letters"]),
];

/// Foreign crates that one of ours alone may use.
const GUARDED: &[(&str, &[&str])] = &[
    ("sqlx", &["store"]),
    ("lapin", &["broker"]),
    ("handlebars", &["localisation"]),
    ("fluent", &["localisation"]),
    ("fluent-bundle", &["localisation"]),
    ("fluent-syntax", &["localisation"]),
    ("typst", &["letters"]),
];

/// Crates that decide: no runtime, no network, no database.
const PURE: &[&str] = &["domain", "linkage", "protection", "localisation", "contract", "registers"];

fn dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo metadata runs");
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).expect("metadata is JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    packages
        .iter()
        .map(|package| {
            let name = package["name"].as_str().expect("a name").to_owned();
            let normal = package["dependencies"]
                .as_array()
                .expect("dependencies")
                .iter()
                .filter(|d| d["kind"].is_null())
                .map(|d| d["name"].as_str().expect("a name").to_owned());
            (name, normal.collect())
        })
        .collect()
}

#[test]
fn crates_use_only_what_the_house_allows() {
    let graph = dependencies();
    let ours: BTreeSet<&String> = graph.keys().collect();
    for (name, uses) in graph.iter().filter(|(name, _)| *name != "tests") {
        let (_, allowed) =
            ALLOWED.iter().find(|(n, _)| n == name).unwrap_or_else(|| panic!("{name} is not in the house's plan"));
        for used in uses.iter().filter(|u| ours.contains(u)) {
            assert!(allowed.contains(&used.as_str()), "{name} may not use {used}");
        }
    }
}

#[test]
fn databases_queues_and_words_are_each_in_one_place() {
    for (name, uses) in dependencies() {
        for (guarded, owners) in GUARDED {
            assert!(
                !uses.contains(*guarded) || owners.contains(&name.as_str()),
                "{name} uses {guarded}, which belongs to {owners:?}"
            );
        }
    }
}

#[test]
fn pure_crates_have_no_runtime() {
    let graph = dependencies();
    for name in PURE {
        assert!(!graph[*name].contains("tokio"), "{name} decides; it does not wait");
    }
}
