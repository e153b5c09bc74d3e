//! The library as its users see it: every producible notice in every language, what it must and must not say,
//! and what is refused.

mod audiences;
mod bidi;
mod refusals;
mod support;
mod table;
