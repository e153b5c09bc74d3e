//! The words and templates are embedded: a new or changed file means a new build.

fn main() {
    println!("cargo:rerun-if-changed=../../locales");
    println!("cargo:rerun-if-changed=../../templates");
}
