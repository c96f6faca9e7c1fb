//! What the components write, read as a browser would.

#[cfg(test)]
mod chart;
#[cfg(test)]
mod escape;
#[cfg(test)]
mod form;
#[cfg(test)]
mod html;
#[cfg(test)]
mod list;
#[cfg(test)]
mod listing;
#[cfg(test)]
mod shell;
#[cfg(test)]
mod state;
#[cfg(test)]
mod style;
