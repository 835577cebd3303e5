//! What the derives accept (`ui/pass`) and what they say about mistakes (`ui/*.stderr`, each worth reading aloud).

#[test]
fn mistakes_are_told_in_words() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("ui/*.rs");
    cases.pass("ui/pass/*.rs");
}
