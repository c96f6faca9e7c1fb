//! The bundle of the staff pages; see `frontend::hydrate`.
#![no_main]

use frontend as _;
