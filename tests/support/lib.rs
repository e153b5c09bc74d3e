//! What whole-system tests and benchmarks share: private databases and namespaces on the servers that `tests/run`
//! brings up, and a crew of worker processes.

pub mod crew;
pub mod served;
pub mod servers;
pub mod usage;
