//! [`Context`]: where all errors of one derive are collected, so that the user sees them at once.

use std::cell::RefCell;
use std::fmt::Display;

use proc_macro2::Span;
use quote::ToTokens;

/// The errors found so far. It must be read with [`Context::finish`]: in tests, dropping it unread panics.
pub(crate) struct Context {
    /// `None` once read.
    errors: RefCell<Option<Vec<syn::Error>>>,
}

impl Context {
    /// No errors yet.
    pub(crate) fn new() -> Self {
        Self { errors: RefCell::new(Some(Vec::new())) }
    }

    /// Adds an error at that span.
    pub(crate) fn error(&self, span: Span, message: impl Display) {
        self.push(syn::Error::new(span, message));
    }

    /// Adds an error at these tokens.
    pub(crate) fn error_at(&self, tokens: impl ToTokens, message: impl Display) {
        self.push(syn::Error::new_spanned(tokens, message));
    }

    /// Adds an error.
    pub(crate) fn push(&self, error: syn::Error) {
        if let Some(errors) = self.errors.borrow_mut().as_mut() {
            errors.push(error);
        }
    }

    /// Keeps the value, or the error and nothing.
    pub(crate) fn ok<T>(&self, result: syn::Result<T>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(error) => {
                self.push(error);
                None
            }
        }
    }

    /// All errors, in the order in which they were found.
    pub(crate) fn finish(self) -> Vec<syn::Error> {
        self.errors.borrow_mut().take().unwrap_or_default()
    }
}

#[cfg(test)]
impl Drop for Context {
    fn drop(&mut self) {
        if !std::thread::panicking() && self.errors.borrow().is_some() {
            panic!("a context was dropped unread");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_come_out_in_order() {
        let cx = Context::new();
        cx.error(Span::call_site(), "first");
        cx.ok(Err::<(), _>(syn::Error::new(Span::call_site(), "second")));
        let errors: Vec<String> = cx.finish().iter().map(ToString::to_string).collect();
        assert_eq!(errors, ["first", "second"]);
    }

    #[test]
    #[should_panic(expected = "dropped unread")]
    fn dropping_it_unread_panics() {
        drop(Context::new());
    }
}
