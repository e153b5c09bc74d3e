//! Prints the name of every way in which a row of the policy can be broken. `tests/mutants/run` walks them.

fn main() {
    for name in protection::mutants::names() {
        println!("{name}");
    }
}
