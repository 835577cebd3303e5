//! Checks of vector columns: the number of dimensions.

use super::super::Column;
use super::super::message::Message;
use super::words;
use crate::descriptor::LogicalType;

/// The numbers of dimensions that every supported database can hold.
const DIMENSIONS: [u32; 12] = [256, 384, 512, 768, 1024, 1536, 2048, 3072, 4096, 6144, 8192, 16384];

/// `vector(1536)`, or `vector` (`given` is 0) where the type carries the number.
#[track_caller]
pub const fn vector(column: &Column, given: u32) {
    let Some(ty) = column.known else { return };
    let carried = match ty {
        LogicalType::Vector(n) => n,
        LogicalType::Array(LogicalType::Float32) => column.length,
        LogicalType::Bytes => 0,
        _ => Message::new()
            .text("`vector` is for `Vector<N>`, `[f32; N]`, `Vec<f32>` and bytes, but ")
            .code(column.path)
            .text(" is ")
            .text(words(ty))
            .fail(),
    };
    if given != 0 && carried != 0 && given != carried {
        Message::new()
            .text("`vector` says ")
            .number(given as i128)
            .text(" dimensions, but the type of ")
            .code(column.path)
            .text(" has ")
            .number(carried as i128)
            .fail();
    }
    if given == 0 && carried == 0 {
        Message::new()
            .text("the type of ")
            .code(column.path)
            .text(" does not say how many dimensions it has: write them, as `vector(1536)`")
            .fail();
    }
    dimensions(column, if given == 0 { carried } else { given });
}

#[track_caller]
const fn dimensions(column: &Column, given: u32) {
    let mut i = 0;
    let mut nearest = DIMENSIONS[0];
    let mut message = Message::new()
        .code(column.path)
        .text(" has ")
        .number(given as i128)
        .text(" dimensions, but a vector has one of ");
    while i < DIMENSIONS.len() {
        let n = DIMENSIONS[i];
        if n == given {
            return;
        }
        if n.abs_diff(given) < nearest.abs_diff(given) {
            nearest = n;
        }
        message = message.number(n as i128).text(if i + 1 < DIMENSIONS.len() { ", " } else { "" });
        i += 1;
    }
    message.text("; the nearest is ").number(nearest as i128).fail();
}
