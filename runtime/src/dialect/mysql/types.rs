//! The one table of types: what sqlx binds for each logical type, and how the servers print them.

use crate::model::{Column, DataType};

/// How many characters a text of a key has at most, where the model does not say: MySQL indexes no unbounded text as a whole.
pub(super) const KEY_CHARACTERS: u32 = 255;

/// `varchar` holds so many characters of `utf8mb4` at most, in a row of its own.
const VARCHAR_CHARACTERS: u32 = 16_383;

/// The column type of a logical type; `key`: the column is part of a key or of a unique index.
pub(crate) fn lower(column: &Column, key: bool) -> String {
    if let Some(native) = &column.native.mysql.ty {
        return normal(native);
    }
    if column.encrypted {
        return "longtext".to_owned();
    }
    let ty = logical(&column.ty, key);
    let is_signed_integer = matches!(column.ty, DataType::Int8 | DataType::Int16 | DataType::Int32 | DataType::Int64);
    if column.native.mysql.unsigned && is_signed_integer { format!("{ty} unsigned") } else { ty }
}

fn logical(ty: &DataType, key: bool) -> String {
    let fixed = match ty {
        DataType::Bool => "tinyint(1)",
        DataType::Int8 => "tinyint",
        DataType::Int16 => "smallint",
        DataType::Int32 => "int",
        DataType::Int64 => "bigint",
        DataType::Uint8 => "tinyint unsigned",
        DataType::Uint16 => "smallint unsigned",
        DataType::Uint32 => "int unsigned",
        DataType::Uint64 => "bigint unsigned",
        DataType::Float32 => "float",
        DataType::Float64 => "double",
        DataType::Uuid => "binary(16)",
        DataType::Date => "date",
        DataType::Time => "time(6)",
        DataType::DateTime => "datetime(6)",
        DataType::Timestamp => "timestamp(6)",
        DataType::Char => "varchar(1)",
        // Every value of `rust_decimal`.
        DataType::Decimal(None) => "decimal(57,28)",
        DataType::Decimal(Some((precision, scale))) => return format!("decimal({precision},{scale})"),
        DataType::Json | DataType::Array(_) | DataType::GeoPoint => "json",
        DataType::Bytes if key => return format!("varbinary({KEY_CHARACTERS})"),
        DataType::Bytes | DataType::Vector(_) => "longblob",
        DataType::Varchar(length) if *length <= VARCHAR_CHARACTERS => return format!("varchar({length})"),
        // What sqlx binds for an enum is compared with one, and not with a text.
        DataType::Enum { variants, .. } => {
            let labels: Vec<String> = variants.iter().map(|label| format!("'{}'", label.replace('\'', "''"))).collect();
            return format!("enum({})", labels.join(","));
        }
        DataType::Text if key => return format!("varchar({KEY_CHARACTERS})"),
        DataType::Text | DataType::Varchar(_) => "longtext",
    };
    fixed.to_owned()
}

/// A type as it is written, or printed by a server, in one form: lower case, single blanks, no display widths but that of `tinyint(1)`, the
/// server's own name for each.
pub(crate) fn normal(written: &str) -> String {
    let written = written.trim();
    let (head, rest) = match written.find('(') {
        Some(open) => match written[open..].rfind(')') {
            Some(close) => (&written[..open], Some((&written[open..=open + close], &written[open + close + 1..]))),
            None => (written, None),
        },
        None => (written, None),
    };
    let words = |text: &str| text.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join(" ");
    let (mut name, suffix) = match rest {
        Some((_, suffix)) => (words(head), words(suffix)),
        None => {
            let all = words(head);
            let (name, suffix) = all.split_once(' ').map_or((all.as_str(), ""), |(name, suffix)| (name, suffix));
            (name.to_owned(), suffix.to_owned())
        }
    };
    let mut arguments = rest.map(|(arguments, _)| arguments.to_owned()).unwrap_or_default();
    if !matches!(name.as_str(), "enum" | "set") {
        arguments.retain(|c| !c.is_whitespace());
    }
    name = match name.as_str() {
        "integer" => "int",
        "bool" | "boolean" => {
            arguments = "(1)".to_owned();
            "tinyint"
        }
        "dec" | "numeric" | "fixed" => "decimal",
        "real" => "double",
        "character" => "char",
        "double" if suffix == "precision" => return "double".to_owned(),
        name => name,
    }
    .to_owned();
    let is_integer = matches!(name.as_str(), "tinyint" | "smallint" | "mediumint" | "int" | "bigint");
    let keeps_width = suffix.contains("zerofill") || name == "tinyint" && arguments == "(1)" && suffix.is_empty();
    if is_integer && !keeps_width || name == "year" {
        arguments.clear();
    }
    if name == "decimal" {
        arguments = match arguments.as_str() {
            "" => "(10,0)".to_owned(),
            one if !one.contains(',') => format!("{},0)", one.trim_end_matches(')')),
            both => both.to_owned(),
        };
    }
    if arguments.is_empty() && matches!(name.as_str(), "char" | "binary" | "bit") {
        arguments = "(1)".to_owned();
    }
    if arguments == "(0)" && matches!(name.as_str(), "datetime" | "timestamp" | "time") {
        arguments.clear();
    }
    let suffix = if suffix.is_empty() { suffix } else { format!(" {suffix}") };
    format!("{name}{arguments}{suffix}")
}

/// The name of a type, without its arguments.
pub(super) fn base(ty: &str) -> &str {
    ty.split(['(', ' ']).next().unwrap_or_default()
}

/// Whether values of the type are texts with a collation.
pub(super) fn is_text(ty: &str) -> bool {
    matches!(base(ty), "char" | "varchar" | "tinytext" | "text" | "mediumtext" | "longtext" | "enum" | "set")
}

/// Whether it is a text or a blob that has no length of its own: an index takes only its beginning, and a default is an expression.
pub(super) fn is_unbounded(ty: &str) -> bool {
    matches!(
        base(ty),
        "tinytext" | "text" | "mediumtext" | "longtext" | "tinyblob" | "blob" | "mediumblob" | "longblob" | "json"
    )
}

pub(super) fn is_integer(ty: &str) -> bool {
    matches!(base(ty), "tinyint" | "smallint" | "mediumint" | "int" | "bigint")
}

/// Whether a literal of the type is a number.
pub(super) fn is_number(ty: &str) -> bool {
    is_integer(ty) || matches!(base(ty), "decimal" | "float" | "double" | "year")
}

/// Whether values of the one serve as well in the other.
pub(crate) fn equivalent(desired: &str, live: &str) -> bool {
    let texts = ["tinytext", "text", "mediumtext", "longtext"];
    let blobs = ["tinyblob", "blob", "mediumblob", "longblob"];
    let (a, b) = (base(desired), base(live));
    let moments = ["datetime", "timestamp", "time"];
    desired == live
        || texts.contains(&a) && (texts.contains(&b) || b == "varchar" || b == "char")
        || blobs.contains(&a) && (blobs.contains(&b) || b == "varbinary")
        || desired == "varchar(255)" && (b == "varchar" || b == "char")
        || desired.starts_with("decimal(57") && b == "decimal"
        || a == b && moments.contains(&a)
}

/// Whether a foreign key can be from a column of the one type to one of the other: integers of one size and sign; texts of any length.
pub(crate) fn types_comparable(from: &str, to: &str) -> bool {
    let is_string = |ty: &str| matches!(base(ty), "char" | "varchar");
    let is_binary = |ty: &str| matches!(base(ty), "binary" | "varbinary");
    let is_sign = |ty: &str| ty.contains("unsigned");
    if is_integer(from) {
        return base(from) == base(to) && is_sign(from) == is_sign(to);
    }
    is_string(from) && is_string(to) || is_binary(from) && is_binary(to) || from == to && !is_unbounded(from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_have_one_form_whoever_prints_them() {
        for (written, form) in [
            ("INT(11)", "int"),
            ("int(10) unsigned", "int unsigned"),
            ("bigint(20)  UNSIGNED", "bigint unsigned"),
            ("tinyint(1)", "tinyint(1)"),
            ("tinyint(4)", "tinyint"),
            ("BOOLEAN", "tinyint(1)"),
            ("int(5) unsigned zerofill", "int(5) unsigned zerofill"),
            ("Decimal( 10 , 2 )", "decimal(10,2)"),
            ("numeric(5)", "decimal(5,0)"),
            ("enum('A b','c')", "enum('A b','c')"),
            ("Double Precision", "double"),
            ("datetime(0)", "datetime"),
            ("char", "char(1)"),
            ("varchar(20)", "varchar(20)"),
            ("year(4)", "year"),
        ] {
            assert_eq!(normal(written), form, "{written}");
            assert_eq!(normal(form), form);
        }
    }

    #[test]
    fn adopted_types_serve_where_sqlx_reads_them_alike() {
        for (desired, live) in
            [("longtext", "varchar(40)"), ("datetime(6)", "datetime"), ("varchar(255)", "varchar(40)")]
        {
            assert!(equivalent(desired, live), "{desired} {live}");
        }
        for (desired, live) in [("longtext", "int"), ("bigint", "int"), ("varchar(40)", "varchar(255)")] {
            assert!(!equivalent(desired, live), "{desired} {live}");
        }
    }
}
