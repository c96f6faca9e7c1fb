//! Writes sample pages of the design system as files, to be looked at in a browser.
//!
//! `cargo run -p ui --features ssr --example gallery -- FOLDER`; the pages link `xueji.css` beside them.

mod office;
mod pages;
mod paper;
mod phone;
mod tasks;

use std::path::Path;
use std::{env, fs, io};

use leptos::prelude::*;

fn main() -> io::Result<()> {
    let folder = env::args().nth(1).ok_or_else(|| {
        io::Error::new(io::ErrorKind::InvalidInput, "name the folder to write to")
    })?;
    let folder = Path::new(&folder);
    fs::create_dir_all(folder)?;
    let owner = Owner::new();
    owner.set();
    for (name, page) in pages() {
        fs::write(folder.join(format!("{name}.html")), document(name, page))?;
    }
    Ok(())
}

fn pages() -> Vec<(&'static str, AnyView)> {
    vec![
        ("phone-home", phone::home()),
        ("phone-check", phone::check()),
        ("phone-refusal", phone::refusal()),
        ("phone-long", phone::long()),
        ("office-board", office::board()),
        ("office-table", office::table()),
        ("office-empty", office::empty()),
        ("office-record", tasks::record()),
        ("office-task", tasks::task()),
        ("office-todo", tasks::todo()),
        ("office-wizard", tasks::wizard()),
        ("office-english", office::english()),
        ("sign-in", pages::sign_in()),
        ("parts", pages::parts()),
        ("sheet", paper::sheet()),
        ("slips", paper::slips()),
    ]
}

fn document(name: &str, page: AnyView) -> String {
    let language = if name.contains("english") {
        "en"
    } else {
        "zh-CN"
    };
    format!(
        "<!DOCTYPE html><html lang=\"{language}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>{name}</title><link rel=\"stylesheet\" href=\"xueji.css\"></head><body>{}</body></html>",
        page.to_html()
    )
}
