//! Tokens to AST: grammar only, no meaning.

pub mod ast;
mod constraint;
mod declaration;
mod expr;
mod foreign;
mod parse;
mod print;

pub use parse::parse;
