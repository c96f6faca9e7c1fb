//! Admission photos and the candidates they belong to.

use super::{Words, words};
use crate::text::Text;

pub(super) const UNMATCHED: Words = words(
    ("照片无对应考生", "Photo without a candidate"),
    (
        "照片文件名不是本年度已入库的考生号，照片未保存",
        "The file name is no candidate number of the year; the photo was not kept",
    ),
    Text::new(
        "文件名应为“考生号.jpg”；该考生尚未入库的，确认录取数据后重新上传照片",
        "Name the file after the candidate number; if the candidate is not in yet, confirm the admission data first and upload again",
    ),
);

pub(super) const ABSENT: Words = words(
    ("考生无照片", "Candidate without a photo"),
    (
        "已入库的考生还没有录取照片",
        "The candidate is in and has no admission photo yet",
    ),
    Text::new(
        "从录取系统导出该考生照片后上传",
        "Export the photo from the admission system and upload it",
    ),
);

pub(super) const UNUSABLE: Words = words(
    ("照片不可用", "Unusable photo"),
    (
        "文件不是可用的证件照片，未保存",
        "The file is no usable photo and was not kept",
    ),
    Text::new(
        "从录取系统重新导出后上传；不要修图或转换格式",
        "Export it again from the admission system; do not edit or convert it",
    ),
);

pub(super) const SHARED: Words = words(
    ("两名考生同一照片", "One picture for two candidates"),
    (
        "同一张照片已经属于另一名考生，未保存",
        "The same picture belongs to another candidate already and was not kept",
    ),
    Text::new(
        "核对两名考生的档案照片，重新导出正确的一张",
        "Compare the photos in both files and export the right one again",
    ),
);

pub(super) const REPLACED: Words = words(
    ("已有不同照片", "Another photo is in"),
    (
        "该考生已有另一张录取照片，先导入的照片保留不变",
        "Another photo of the candidate is in; the earlier one is kept",
    ),
    Text::new(
        "先前照片有误的，撤销该次照片导入后重新上传",
        "If the earlier photo is wrong, undo that import of photos and upload again",
    ),
);
