//! What a list is asked for, and what may leave with it.

use crate::institution::officer;
use domain::admission::funnel::Standing;
use domain::admission::handover::HandoverStage;
use domain::admission::qualification::Qualification;
use domain::decision::Machine;
use domain::institution::{Office, Step};
use domain::registration::PlatformAnswer;
use domain::view::home::Level;
use domain::view::list::{
    Column, ListFilter, ListQuery, ListSort, MAX_PER_PAGE, NO_PLACE, PER_PAGE, Sensitivity,
};
use proptest::prelude::*;
use uuid::Uuid;

fn query() -> impl Strategy<Value = ListQuery> {
    let unit = || proptest::option::of(any::<u128>().prop_map(Uuid::from_u128));
    let filter = (
        (proptest::option::of(1990..2100_i32), unit(), unit(), unit()),
        proptest::option::of(prop::sample::select(Qualification::STATES.to_vec())),
        proptest::option::of(prop::sample::select(PlatformAnswer::STATES.to_vec())),
        proptest::option::of("[a-z0-9张欧·%_&=]{1,50}"),
        (
            proptest::option::of(prop::sample::select(HandoverStage::ALL.to_vec())),
            any::<bool>(),
            prop::sample::subsequence(Standing::ALL.to_vec(), 0..=3),
            proptest::option::of(prop::sample::select(Level::ALL.to_vec())),
        ),
    )
        .prop_map(
            |(
                (year, college, major, class),
                qualification,
                registration,
                search,
                (handed_over, unassigned, standing, without),
            )| {
                ListFilter {
                    year,
                    college,
                    major,
                    class,
                    qualification,
                    registration,
                    standing,
                    search,
                    handed_over,
                    unassigned,
                    without,
                }
            },
        );
    let sort = prop::sample::select(ListSort::ALL.to_vec());
    (filter, sort, any::<bool>(), 1..1000_u32, 1..=MAX_PER_PAGE).prop_map(
        |(filter, sort, descending, page, per_page)| ListQuery {
            filter,
            sort,
            descending,
            page,
            per_page,
        },
    )
}

fn read<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> ListQuery {
    ListQuery::from_pairs(pairs)
}

proptest! {
    #[test]
    fn an_address_gives_the_query_back(query in query()) {
        let pairs = query.to_pairs();
        prop_assert_eq!(read(pairs.iter().map(|(k, v)| (*k, v.as_str()))), query);
    }

    /// T-AZ-15: whatever stands in the address, a page has 1 to 500 rows.
    #[test]
    fn sizes_are_bounded(key in "[a-z_]{1,14}|page|per_page", value in "\\PC{0,30}|-?[0-9]{1,30}|NaN|1e400") {
        let query = read([(key.as_str(), value.as_str())]);
        prop_assert!(query.page >= 1);
        prop_assert!((1..=MAX_PER_PAGE).contains(&query.per_page));
    }
}

#[test]
fn an_empty_address_is_the_usual_list() {
    let query = read([]);
    assert_eq!(query, ListQuery::default());
    assert_eq!(query.per_page, PER_PAGE);
    assert!(query.to_pairs().is_empty());
}

/// A form chooses "no major yet" where it chooses a major.
#[test]
fn records_without_a_place_are_asked_for_in_two_ways() {
    for level in Level::ALL {
        let without = Some(level);
        assert_eq!(read([(level.key(), NO_PLACE)]).filter.without, without);
        assert_eq!(read([("without", level.key())]).filter.without, without);
    }
    assert_eq!(read([("year", NO_PLACE), ("without", "tent")]), read([]));
}

#[test]
fn keys_are_unique_and_read_back() {
    for column in Column::ALL {
        assert_eq!(Column::from_key(column.key()), Some(column));
    }
    for sort in ListSort::ALL {
        assert_eq!(ListSort::from_key(sort.key()), Some(sort));
    }
}

/// T-AZ-12: numbers that identify go to the offices that register with them, and a list never shows them.
#[test]
fn identity_columns_are_for_few() {
    for office in Office::ALL {
        let open = Sensitivity::Identity.open_to(&officer(office, &[]));
        let registers = [
            Office::Admissions,
            Office::StudentAffairs,
            Office::AcademicAffairs,
        ];
        assert_eq!(open, registers.contains(&office), "{office:?}");
    }
    // They follow the step that is done with them, but never to a college.
    let open = |office, duties: &[_]| Sensitivity::Identity.open_to(&officer(office, duties));
    let moved = [
        (Step::AdmissionHandover, Office::ItCentre),
        (Step::RegisterFreshmen, Office::ItCentre),
    ];
    assert!(open(Office::ItCentre, &moved));
    assert!(!open(Office::Admissions, &moved));
    assert!(!open(
        Office::College,
        &[(Step::KeepStatusRecords, Office::College)]
    ));
    for column in Column::ALL.into_iter().filter(|c| c.on_screen()) {
        assert_eq!(column.sensitivity(), Sensitivity::Ordinary);
    }
}
