//! The rows that go in and come out. Personal data travels in them only sealed.

mod attempts;
mod context;
mod dedupe;
mod desk;
mod import;
mod looking;
mod office;
mod plan;

pub use attempts::*;
pub use context::*;
pub use dedupe::*;
pub use desk::*;
pub use import::*;
pub use looking::*;
pub use office::*;
pub use plan::*;

macro_rules! state {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// The word in the store.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// The value of a word; `None` for any other word.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}
use state;
