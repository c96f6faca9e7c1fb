//! Slips and one-time codes as the offices see them: handed out after a check of identity, and flagged where one was issued
//! anew after its holder had signed.

use crate::house::House;
use crate::isolation::fresh;
use crate::ways::demonstration;
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
