//! The bundle of the student pages; see `frontend::hydrate`.
#![no_main]

use frontend as _;
