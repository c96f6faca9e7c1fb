//! Slips and one-time codes as the offices see them: handed out after a check of identity, and flagged where one was issued
//! anew after its holder had signed.

use crate::house::House;
use crate::isolation::fresh;
use crate::ways::demonstration;
use chrono::{Days, TimeDelta};
use domain::calendar::{format_date_zh, local_date, local_time};
use domain::view::list::ListQuery;

/// The flag, in the language of each address.
const FLAGS: [(&str, &str); 2] = [("zh", "签名后补发"), ("en", "After the signature")];

/// 三(三): whoever hands slips out reads above them that it is done face to face, after the check.
#[tokio::test]
async fn the_page_of_slips_says_that_they_follow_a_check_of_identity() {
    House::on_each(|house| async move {
        let (_, secretary) = demonstration(&house, "xy01").await;
        let cookie = house.cookie(&secretary).await;
        for (lang, words) in [
            ("zh", "激活单一人一张，核验身份后当面发给本人；不设默认密码。"),
            (
                "en",
                "One slip a person, handed over after the identity check; there is no default password.",
            ),
        ] {
            let path = format!("/shou/activation?lang={lang}");
            let page = house.get(&path, Some(&cookie)).await.body;
            assert!(page.contains(words), "{page}");
        }
    })
    .await;
}

/// Slips that end before the freshmen report are warned of, with the first day whose slips do not.
#[tokio::test]
async fn slips_that_end_before_the_freshmen_report_are_warned_of() {
    House::on_each(|house| async move {
        let (_, secretary) = demonstration(&house, "xy01").await;
        let days = house.services.slip_days(&secretary).await.unwrap();
        let arrival = days.arrival.unwrap();
        let from = days.better_from().unwrap();
        assert_eq!(from, arrival - Days::new(13));
        let look = async || {
            let now = house.bed.store().now();
            let cookie = house.cookie(&fresh(&secretary, now)).await;
            house.get("/shou/activation", Some(&cookie)).await.body
        };
        let warned = "今天签发的激活单到新生报到时可能已失效";
        let page = look().await;
        assert!(page.contains(warned), "{page}");
        for day in [arrival, from, local_date(days.until)] {
            assert!(page.contains(&format_date_zh(day)), "{day}");
        }
        let today = local_date(house.bed.store().now());
        house.bed.advance(from - today);
        let page = look().await;
        assert!(!page.contains(warned), "{page}");
        assert!(page.contains("今天签发的激活单有效期至 "));
        let days = house.services.slip_days(&secretary).await.unwrap();
        assert_eq!(days.better_from(), None);
    })
    .await;
}

/// A code is told with whose it is, until when, and where it is used; the list below has a heading and says the end, too.
#[tokio::test]
async fn a_code_is_told_with_whose_it_is_and_until_when() {
    House::on_each(|house| async move {
        let (_, secretary) = demonstration(&house, "xy01").await;
        let list = house.services.students(&secretary, ListQuery::default());
        let students = list.await.unwrap().rows;
        let numbers = students.iter().filter_map(|row| row.student_no.as_deref());
        let number = numbers.min().unwrap();
        let now = house.bed.store().now();
        let cookie = house.cookie(&fresh(&secretary, now)).await;
        let form = format!("tenant=shou&number={number}&kind=code&identity=id_card&note=");
        let path = "/api/institution/reissue-slip";
        let answer = house.submit(path, Some(&cookie), &form).await;
        let page = house.get(answer.header("location"), Some(&cookie)).await;
        let (_, notice) = page.body.split_once("一次性代码，只显示这一次").unwrap();
        let until = local_time(now + TimeDelta::hours(24));
        let (day, hour) = (format_date_zh(until.date()), until.format("%H:%M"));
        let end = format!("{day} {hour}");
        for told in [number, &end, "登录页", "127.0.0.1:3000/shou/activate"] {
            assert!(notice.contains(told), "{told}: {notice}");
        }
        assert!(notice.contains(">补发记录<!></h2>"), "{notice}");
        let end = until.format("%Y-%m-%d %H:%M").to_string();
        assert!(notice.contains(&end), "{end}: {notice}");
    })
    .await;
}

/// A way in that was opened anew after a signature casts doubt on it: the list of the office and the record say so, and of
/// no other.
#[tokio::test]
async fn what_was_issued_anew_after_a_signature_is_flagged_on_both_pages() {
    House::on_each(|house| async move {
        let (tenant, secretary) = demonstration(&house, "xy01").await;
        let list = house.services.students(&secretary, ListQuery::default());
        let students = list.await.unwrap().rows;
        let mut numbered = students.iter().filter(|row| row.student_no.is_some());
        let (coded, slipped) = (numbered.next().unwrap(), numbered.next().unwrap());
        for (student, kind) in [(coded, "code"), (slipped, "slip")] {
            let now = house.bed.store().now();
            let cookie = house.cookie(&fresh(&secretary, now)).await;
            let number = student.student_no.as_deref().unwrap();
            let form = format!("tenant=shou&number={number}&kind={kind}&identity=id_card&note=");
            let path = "/api/institution/reissue-slip";
            let answer = house.submit(path, Some(&cookie), &form).await;
            let led = answer.header("location");
            assert!(!led.contains("refused="), "{kind}: {led}");
        }
        let flags = async |page: &str| {
            let cookie = house.cookie(&secretary).await;
            let mut seen = Vec::new();
            for (lang, flag) in FLAGS {
                let page = format!("/shou/{page}?lang={lang}");
                let body = house.get(&page, Some(&cookie)).await.body;
                assert!(body.contains("<h1"), "{page}: {body}");
                seen.push(body.matches(&format!(">{flag}<")).count());
            }
            seen
        };
        let of = |row: &domain::view::list::StudentRow| format!("students/{}", row.id);
        let pages = ["activation".to_owned(), of(coded), of(slipped)];
        for page in &pages {
            assert_eq!(flags(page).await, [0, 0], "{page}");
        }
        let set = "after_signature = (kind = 'code')";
        house.bed.tamper(tenant, "activation", set).await;
        for (page, times) in pages.iter().zip([1, 1, 0]) {
            assert_eq!(flags(page).await, [times, times], "{page}");
        }
    })
    .await;
}
