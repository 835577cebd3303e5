//! The query of a view that is built from other models: its descriptor, and the checks against what it reads.

use proc_macro2::{Ident, Literal as Number, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::Path;
use syn::ext::IdentExt;

use super::{check_at, respan};
use crate::check::{View, ViewField};
use crate::parse::{Condition, Literal, Operand, SourceColumn, option_tokens};

/// `static __QUERY`, and the checks.
pub(super) fn expand(view: &View, from: &Path) -> TokenStream {
    let joins = &view.attrs.joins;
    let sources: Vec<&Path> = std::iter::once(from).chain(joins.iter().map(|join| &join.source)).collect();
    let left = std::iter::once(false).chain(joins.iter().map(|join| join.left));
    let mut writer = Writer { view, items: TokenStream::new(), count: 0 };
    writer.sources(&sources);
    let columns: Vec<TokenStream> = view.fields.iter().map(|field| writer.field(field, from, sources.len())).collect();
    let join_defs: Vec<TokenStream> = joins
        .iter()
        .enumerate()
        .map(|(at, join)| {
            let (source, kind) = (&join.source, if join.left { quote!(Left) } else { quote!(Inner) });
            let on = writer.condition(&join.on, at + 2);
            quote! {
                __def::JoinDef {
                    kind: __def::JoinKind::#kind,
                    source: <#source as __db::SourceFacts>::MODEL,
                    on: #on,
                }
            }
        })
        .collect();
    let attrs = &view.attrs;
    let filter = option_tokens(attrs.filter.as_ref().map(|filter| writer.condition(&filter.value, sources.len())));
    let having = option_tokens(attrs.having.as_ref().map(|having| writer.condition(&having.value, sources.len())));
    let items = writer.items;
    quote! {
        const __IDS: &[&str] = &[#(<#sources as __db::SourceFacts>::ID),*];
        const __LEFT: &[bool] = &[#(#left),*];
        #items
        static __QUERY: __def::QueryDef = __def::QueryDef {
            from: <#from as __db::SourceFacts>::MODEL,
            joins: &[#(#join_defs),*],
            columns: &[#(#columns),*],
            filter: #filter,
            having: #having,
        };
    }
}

struct Writer<'a> {
    view: &'a View,
    /// The consts that columns are read into, and the checks.
    items: TokenStream,
    count: usize,
}

/// A column that was read.
struct Read {
    /// The const with the column.
    column: Ident,
    /// The descriptor of the reference.
    def: TokenStream,
    /// The const that says whether it comes from a left join.
    left: Ident,
}

impl Writer<'_> {
    fn check(&mut self, span: Span, call: &TokenStream) {
        self.items.extend(check_at(span, call));
    }

    fn sources(&mut self, sources: &[&Path]) {
        let owner = &self.view.owner;
        for (at, source) in sources.iter().enumerate() {
            let span = last(source).span();
            // The type keeps its own span, so that "neither a table nor a view" is shown where it is written.
            let check = respan(quote!(__db::check::new_source), span);
            let arguments = quote!(<#owner as __db::SourceFacts>::ID, <#source as __db::SourceFacts>::NAME, __IDS, #at);
            self.items.extend(quote_spanned!(span=> const _: () = #check(#arguments);));
        }
    }

    /// Reads a column of one of the first `within` sources into a const: once, so that a mistake is one error.
    fn read(&mut self, column: &SourceColumn, within: usize) -> Read {
        let (source, text) = (&column.source, column.column.text());
        let (name, left) = (format_ident!("__R{}", self.count), format_ident!("__L{}", self.count));
        self.count += 1;
        let value = access(column);
        let span = last(source).span();
        let is_read = respan(quote!(__db::check::is_read), span);
        let facts = quote!(<#source as __db::SourceFacts>);
        self.items.extend(quote_spanned!(span=> const _: () = #is_read(#facts::NAME, #facts::ID, __IDS, #within);));
        self.items.extend(quote! {
            const #name: __db::Column = #value;
            const #left: bool = __db::check::is_left(#facts::ID, __IDS, __LEFT);
        });
        let def = quote! {
            __def::ColumnRefDef { source: #facts::MODEL, field: #text, ty: #name.known }
        };
        Read { column: name, def, left }
    }

    fn field(&mut self, field: &ViewField, from: &Path, sources: usize) -> TokenStream {
        let (ident, name) = (&field.ident, &field.column);
        let Some(shown) = &field.shown else {
            let column = SourceColumn { source: from.clone(), column: crate::parse::ColumnPath(vec![ident.clone()]) };
            return self.plain(field, &column, sources);
        };
        let word = shown.word.to_string();
        let (word, column) = match (&word[..], &shown.column) {
            ("from", Some(column)) => return self.plain(field, column, sources),
            (word, column) => (super::column::variant(word), column),
        };
        let ty = quote!(__COLUMNS.#ident.known);
        let Some(column) = column else {
            self.check(shown.span(), &quote!(__db::check::counts(&__COLUMNS.#ident)));
            return quote! {
                __def::QueryColumnDef {
                    name: #name,
                    aggregate: ::core::option::Option::Some(__def::Aggregate::#word),
                    column: ::core::option::Option::None,
                    ty: #ty,
                }
            };
        };
        let Read { column, def, left } = self.read(column, sources);
        let grouped = self.view.fields.iter().any(|field| !field.is_aggregate());
        self.check(
            shown.span(),
            &quote! {
                __db::check::aggregates(
                    __def::Aggregate::#word, &__COLUMNS.#ident, &#column.or_null(#left), #grouped, #left,
                )
            },
        );
        quote! {
            __def::QueryColumnDef {
                name: #name,
                aggregate: ::core::option::Option::Some(__def::Aggregate::#word),
                column: ::core::option::Option::Some(#def),
                ty: #ty,
            }
        }
    }

    /// A field that shows a column as it is.
    fn plain(&mut self, field: &ViewField, column: &SourceColumn, sources: usize) -> TokenStream {
        let (ident, name, span) = (&field.ident, &field.column, column.span());
        let Read { column, def, left } = self.read(column, sources);
        self.check(span, &quote!(__db::check::shows(&__COLUMNS.#ident, &#column.or_null(#left), #left)));
        quote! {
            __def::QueryColumnDef {
                name: #name,
                aggregate: ::core::option::Option::None,
                column: ::core::option::Option::Some(#def),
                ty: __COLUMNS.#ident.known,
            }
        }
    }

    fn condition(&mut self, condition: &Condition, within: usize) -> TokenStream {
        let def = match condition {
            Condition::All(parts) => {
                let parts: Vec<TokenStream> = parts.iter().map(|part| self.condition(part, within)).collect();
                quote!(All(&[#(#parts),*]))
            }
            Condition::Any(parts) => {
                let parts: Vec<TokenStream> = parts.iter().map(|part| self.condition(part, within)).collect();
                quote!(Any(&[#(#parts),*]))
            }
            Condition::Not(part) => {
                let part = self.condition(part, within);
                quote!(Not(&#part))
            }
            Condition::Compare(left, op, right) => {
                let op = format_ident!("{op}");
                let (left, right) = self.compared(left, right, within);
                quote!(Compare(#left, __def::Comparison::#op, #right))
            }
            Condition::IsNull(value) => {
                let value = self.value(value, within).def;
                quote!(IsNull(#value))
            }
            Condition::IsSome(value) => {
                let value = self.value(value, within).def;
                quote!(IsSome(#value))
            }
            Condition::In(value, list) => {
                let value = self.value(value, within);
                let list: Vec<TokenStream> = list.iter().map(|item| self.beside(&value, item, within)).collect();
                let value = value.def;
                quote!(In(#value, &[#(#list),*]))
            }
            Condition::Like(value, pattern) => {
                let span = value.span();
                let value = self.value(value, within);
                self.asks(span, &value, &quote!(like));
                let value = value.def;
                quote!(Like(#value, #pattern))
            }
            Condition::Between(value, low, high) => {
                let value = self.value(value, within);
                let (low, high) = (self.beside(&value, low, within), self.beside(&value, high, within));
                let value = value.def;
                quote!(Between(#value, #low, #high))
            }
            Condition::Holds(value) => {
                let span = value.span();
                let value = self.value(value, within);
                self.asks(span, &value, &quote!(holds));
                let value = value.def;
                quote!(Holds(#value))
            }
        };
        quote!(__def::ConditionDef::#def)
    }

    /// The two sides of a comparison, of which one at least is a column.
    fn compared(&mut self, left: &Operand, right: &Operand, within: usize) -> (TokenStream, TokenStream) {
        if let Operand::Literal(..) = left {
            let column = self.value(right, within);
            let literal = self.beside(&column, left, within);
            return (literal, column.def);
        }
        let column = self.value(left, within);
        let other = self.beside(&column, right, within);
        (column.def, other)
    }

    /// A value beside a column, checked against it.
    fn beside(&mut self, column: &Value, operand: &Operand, within: usize) -> TokenStream {
        let value = self.value(operand, within);
        let Some(left) = &column.column else { return value.def };
        let call = match operand {
            Operand::Literal(_, Literal::Bool(_)) => quote!(compares_bool(&#left)),
            Operand::Literal(_, Literal::Int(number)) => {
                let number = Number::i128_suffixed(*number);
                quote!(compares_int(&#left, #number))
            }
            Operand::Literal(_, Literal::Float(_)) => quote!(compares_float(&#left)),
            Operand::Literal(_, Literal::Text(text)) => quote!(compares_text(&#left, #text)),
            Operand::Column(_) | Operand::Own(_) => {
                let right = &value.column;
                quote!(comparable(&#left, &#right))
            }
        };
        self.check(operand.span(), &quote!(__db::check::#call));
        value.def
    }

    fn asks(&mut self, span: Span, value: &Value, check: &TokenStream) {
        if let Some(column) = &value.column {
            self.check(span, &quote!(__db::check::#check(&#column)));
        }
    }

    fn value(&mut self, operand: &Operand, within: usize) -> Value {
        match operand {
            Operand::Column(column) => {
                let Read { column, def, .. } = self.read(column, within);
                Value { def: quote!(__def::OperandDef::Column(#def)), column: Some(quote!(#column)) }
            }
            Operand::Own(name) => {
                let text = name.unraw().to_string();
                let field = self.view.fields.iter().find(|field| field.name == text);
                let column = field.map_or(text, |field| field.column.clone());
                Value { def: quote!(__def::OperandDef::Own(#column)), column: Some(quote!(__COLUMNS.#name)) }
            }
            Operand::Literal(_, literal) => {
                let def = match literal {
                    Literal::Bool(value) => quote!(Bool(#value)),
                    Literal::Int(value) => {
                        let value = Number::i128_suffixed(*value);
                        quote!(Int(#value))
                    }
                    Literal::Float(value) => quote!(Float(#value)),
                    Literal::Text(value) => quote!(Text(#value)),
                };
                Value { def: quote!(__def::OperandDef::#def), column: None }
            }
        }
    }
}

/// A value in a condition.
struct Value {
    /// Its descriptor.
    def: TokenStream,
    /// The column that it is; `None`: a literal.
    column: Option<TokenStream>,
}

/// The facts about a column, each name at the user's token. What an embedded `Option` makes nullable is.
fn access(column: &SourceColumn) -> TokenStream {
    let (source, span) = (&column.source, column.span());
    // At the type, so that what is wrong with it is told once.
    let base = quote_spanned!(last(source).span()=> <#source as __db::SourceFacts>::COLUMNS);
    let mut names = column.column.0.iter();
    let Some(first) = names.next() else { return base };
    let (mut value, mut nullable) = (quote_spanned!(span=> #base.#first), quote!(false));
    let (mut steps, mut path) = (TokenStream::new(), format!("{}::{}", last(source), first.unraw()));
    for (depth, name) in names.enumerate() {
        let (embedded, flag) = (format_ident!("__e{depth}"), format_ident!("__n{depth}"));
        steps.extend(quote_spanned!(span=>
            let #embedded = #value;
            let #flag = #nullable || #embedded.is_nullable();
        ));
        (value, nullable) = (quote_spanned!(span=> #embedded.columns().#name), quote!(#flag));
        path = format!("{path}.{}", name.unraw());
    }
    // A struct that is embedded is no column: what its `column` asks for says so.
    if steps.is_empty() {
        quote_spanned!(span=> #value.column())
    } else {
        quote_spanned!(span=> { #steps #value.column().within(#path, #nullable) })
    }
}

/// The last name of a path.
fn last(path: &Path) -> Ident {
    path.segments.last().map_or_else(|| Ident::new("_", Span::call_site()), |segment| segment.ident.clone())
}
