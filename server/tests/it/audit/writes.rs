//! Every row of the policy table that writes, done over HTTP: what is done is one entry of the chain, under the name of the
//! operation and of whoever did it, and what is refused is none. A row that no step of the story performs fails the test.

mod ask;
mod cohort;
mod control;
mod door;
mod intake;
mod logged;
mod platform;
mod school;
mod student;

use crate::forms::{copied, recovery_codes};
use crate::house::{Answer, House};
use crate::isolation::fresh;
use ask::Ask;
use domain::audit::{AuditEvent, Doer};
use domain::institution::policy::{Kind, Who};
use domain::institution::{Actor, Office, POLICY, PersonalScope, PostKind, Rule, TenantId};
use services::institution::activation::Slip;
use std::collections::BTreeSet;
use std::sync::Mutex;
use uuid::Uuid;

const SLUG: &str = "shou";
/// The cohort.
const YEAR: i32 = 2026;

/// A university, and what has been done there over HTTP so far.
struct Story {
    house: House,
    tenant: TenantId,
    reader: Actor,
    admin: Actor,
    admissions: Actor,
    affairs: Actor,
    /// Two posts without almost every right: what one of them may do, the other may not.
    strangers: [Actor; 2],
    /// The last entry of the chain that was looked at.
    seen: i64,
    done: BTreeSet<&'static str>,
    /// What was typed, and what came back for one person alone: no log may say it.
    secrets: Mutex<BTreeSet<String>>,
}

/// The token on a slip.
fn token_of(slip: &Slip) -> String {
    slip.url.rsplit("?t=").next().unwrap().to_owned()
}

fn rule(op: &str) -> &'static Rule {
    let found = POLICY.iter().find(|rule| rule.op == op);
    found.unwrap_or_else(|| panic!("the policy table has no {op}"))
}

/// Whether something was not done: an error, the reason in the address, or the way to sign in, which may lead back.
fn is_refused(answer: &Answer) -> bool {
    let led = answer.header("location");
    let first = ["/sign-in?to=", "/sign-in?ended="];
    let sent = led.ends_with("/sign-in") || first.iter().any(|way| led.contains(way));
    answer.status.is_client_error() || led.contains("refused=") || sent
}

impl Story {
    async fn begin(house: House) -> Self {
        let tenant = house.school(SLUG).await;
        let own = PersonalScope::Own(house.bed.store().id());
        let bed = &house.bed;
        let mut story = Self {
            reader: bed.officer(tenant, Office::ItCentre).await,
            admin: bed.officer(tenant, Office::TenantAdmin).await,
            admissions: bed.officer(tenant, Office::Admissions).await,
            affairs: bed.officer(tenant, Office::StudentAffairs).await,
            strangers: [
                bed.officer(tenant, Office::Discipline).await,
                bed.person_in(tenant, Office::Student, PostKind::Student, own)
                    .await,
            ],
            tenant,
            seen: 0,
            done: BTreeSet::new(),
            secrets: Mutex::default(),
            house,
        };
        story.look_away().await;
        story
    }

    /// What has come into the chain since somebody looked.
    async fn news(&mut self) -> Vec<AuditEvent> {
        let unit = self.house.bed.store().read(&self.reader).await.unwrap();
        let entries = unit.audit_after(self.seen, 10_000).await.unwrap();
        self.seen = entries.last().map_or(self.seen, |last| last.seq);
        let read = |body: &String| AuditEvent::from_canonical(body.as_bytes()).unwrap();
        entries.iter().map(|entry| read(&entry.body)).collect()
    }

    /// What comes into the chain by something else than a request is no matter of this test.
    async fn look_away(&mut self) {
        self.news().await;
    }

    /// Jobs come to their end; they are not acts of the table.
    async fn work(&mut self) {
        crate::uploads::admission::work(&self.house).await;
        self.look_away().await;
    }

    /// A session in which the password was given just now.
    async fn cookie(&self, actor: &Actor) -> String {
        let now = self.house.bed.store().now();
        self.house.cookie(&fresh(actor, now)).await
    }

    /// Does something, in a session of its own, after everybody was refused who cannot.
    async fn does(&mut self, op: &str, actor: &Actor, ask: &Ask) -> Answer {
        let cookie = self.cookie(actor).await;
        self.does_in(&cookie, op, actor, ask).await
    }

    async fn does_in(&mut self, cookie: &str, op: &str, actor: &Actor, ask: &Ask) -> Answer {
        self.is_refused_to_others(op, actor, ask).await;
        for stale in ask.stale() {
            self.refuses(op, Some(cookie), &stale).await;
        }
        self.once(op, Some(cookie), actor.person(), ask).await
    }

    /// Whoever has not the right, or gave the password too long ago, leaves nothing behind.
    async fn is_refused_to_others(&mut self, op: &str, actor: &Actor, ask: &Ask) {
        let rule = rule(op);
        self.refuses(op, None, ask).await;
        if rule.who != Who::SignedIn {
            let stranger = self.strangers.iter().find(|one| !rule.allows(one));
            let stranger = self.cookie(stranger.expect(op)).await;
            self.refuses(op, Some(&stranger), ask).await;
        }
        if rule.step_up {
            let late = self.house.cookie_late(actor).await;
            self.refuses(op, Some(&late), ask).await;
        }
    }

    /// Asks for something that is not done.
    async fn refuses(&mut self, op: &str, cookie: Option<&str>, ask: &Ask) -> Answer {
        let answer = self.asks(op, cookie, ask).await;
        let led = answer.header("location");
        assert!(is_refused(&answer), "{op}: {} {led}", answer.status);
        self.left_nothing(op).await;
        answer
    }

    async fn left_nothing(&mut self, op: &str) {
        let news = self.news().await;
        assert!(news.is_empty(), "{op} was refused and left {news:#?}");
    }

    async fn asks(&self, op: &str, cookie: Option<&str>, ask: &Ask) -> Answer {
        let answer = self.house.send(ask.request(rule(op), cookie)).await;
        self.keeps(ask.secrets().chain(cookie));
        self.keeps(answer.sets_session().then(|| answer.cookie()));
        answer
    }

    /// Remembers what no log may say.
    fn keeps<T: Into<String>>(&self, secrets: impl IntoIterator<Item = T>) {
        let mut kept = self.secrets.lock().unwrap();
        kept.extend(secrets.into_iter().map(Into::into));
    }

    /// Opens a page, and remembers what it shows to one person alone: keys, codes, first passwords; with and without the
    /// marks between their groups.
    async fn looks(&self, path: &str, cookie: &str) -> String {
        let page = self.house.get(path, Some(cookie)).await.body;
        for shown in copied(&page).chain(recovery_codes(&page)) {
            self.keeps([shown.to_owned(), shown.replace(['-', ' '], "")]);
        }
        page
    }

    /// Remembers what is printed on slips; answers the tokens.
    fn keeps_slips(&self, slips: &[Slip]) -> Vec<String> {
        let tokens: Vec<String> = slips.iter().map(token_of).collect();
        assert!(!tokens.is_empty(), "no slip is open");
        self.keeps(tokens.clone());
        tokens
    }

    /// Does something, and finds exactly one new entry: under the name of the operation, by this person.
    async fn once(&mut self, op: &str, cookie: Option<&str>, person: Uuid, ask: &Ask) -> Answer {
        let answer = self.asks(op, cookie, ask).await;
        let led = answer.header("location");
        assert!(
            answer.status.is_redirection() && !is_refused(&answer),
            "{op}: {} {led}",
            answer.status
        );
        assert!(led.starts_with(&format!("/{SLUG}/")), "{op}: {led}");
        let news = self.news().await;
        assert_is_one(op, person, &news);
        self.is_answered_for(op, person, &news[0]).await;
        self.done.insert(rule(op).op);
        answer
    }
}

impl Story {
    /// 谁牵头谁落实，谁经办谁负责 (办法 四 1): what a step stores, in the chain and in the ledger alike. An answer to a
    /// hand-over is the check of what somebody else has handled; every other step of this release has one person.
    async fn is_answered_for(&self, op: &str, person: Uuid, entry: &AuditEvent) {
        let act = entry.act();
        let by = act.responsibility.as_ref();
        let by = by.unwrap_or_else(|| panic!("nobody answers for {op}"));
        let persons = match op {
            "admission/accept" | "admission/return" => (self.admissions.person(), Some(person)),
            _ => (person, None),
        };
        assert_eq!((by.handler, by.checker), persons, "{op}");
        let Doer::Person { office, .. } = &act.doer else {
            panic!("{op} was done by {:?}", act.doer);
        };
        // The office of the step leads, also where another carries it out; without a step, that of the post in use.
        let lead = match &rule(op).who {
            Who::Step(step) | Who::StepOr(step, _) => self.admin.office_of(*step),
            Who::Anyone | Who::SignedIn | Who::Offices(_) | Who::Posts(_) | Who::AnyStepOr(..) => {
                *office
            }
        };
        assert_eq!(by.lead, lead, "{op}");
        let unit = self.house.bed.store().read(&self.reader).await.unwrap();
        let subject = (act.subject.kind.as_str(), act.subject.id);
        let lines = unit.ledger_about(&[subject]).await.unwrap();
        let own: Vec<_> = lines.iter().filter(|line| line.seq == self.seen).collect();
        assert!(!own.is_empty(), "{op} is not in the ledger");
        for line in own {
            assert_eq!((line.op.as_str(), line.lead.as_str()), (op, by.lead.key()));
            assert_eq!((line.handler, line.checker), persons, "{op}");
        }
    }
}

/// One act, one entry (server/adr/0074).
fn assert_is_one(op: &str, person: Uuid, news: &[AuditEvent]) {
    let [entry] = news else {
        panic!("{op} left {} entries: {news:#?}", news.len());
    };
    assert_eq!(entry.act().op.as_str(), op);
    let Doer::Person { person: by, .. } = &entry.act().doer else {
        panic!("{op} was done by {:?}", entry.act().doer);
    };
    assert_eq!(*by, person, "{op}");
}

/// The whole story, and the secretary in it.
async fn told(house: House) -> (Story, Actor) {
    let mut story = Story::begin(house).await;
    let secretary = Box::pin(school::is_set_up(&mut story)).await;
    Box::pin(intake::comes_in(&mut story)).await;
    Box::pin(cohort::is_handed_over_and_assigned(&mut story, &secretary)).await;
    Box::pin(student::is_looked_at_and_let_in(&mut story, &secretary)).await;
    Box::pin(door::is_passed(&mut story)).await;
    Box::pin(school::keeps_accounts(&mut story)).await;
    Box::pin(platform::opens_and_suspends(&mut story)).await;
    (story, secretary)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_done_is_one_entry_and_what_is_refused_is_none() {
    House::on_each(|house| async move {
        let (story, _) = told(house).await;
        // Steps of the kind `Internal` have no entrance yet: the tests of the services perform them.
        let writes = POLICY
            .iter()
            .filter(|rule| rule.writes() && matches!(rule.kind, Kind::Operation | Kind::File));
        let writes: BTreeSet<&str> = writes.map(|rule| rule.op).collect();
        assert_eq!(story.done, writes);
    })
    .await;
}
