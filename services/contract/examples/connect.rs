//! Brings the excerpts in `CONNECT.md` up to date with the tested gateways.

#[path = "../tests/support/excerpts.rs"]
#[expect(unreachable_pub, reason = "shared with a test")]
mod excerpts;

fn main() -> std::io::Result<()> {
    let (page, _, wanted) = excerpts::connect();
    std::fs::write(page, wanted)
}
