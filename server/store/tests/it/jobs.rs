//! Jobs: enqueued with their reason or not at all, worked on by one worker at a time, done once.

use crate::school::{self, School, noted, plant};
use crate::work::{enqueue, run_one_job};
use chrono::TimeDelta;
use domain::institution::policy;
use std::collections::HashSet;
use store::testkit::{Bed, long, on_both};
use store::{Claimed, JobRun, NewJob, StoreError};
use uuid::Uuid;

/// As long as a lease, and a little more.
const OVER: TimeDelta = TimeDelta::seconds(31);

/// A school whose own job is done.
async fn school(bed: &Bed) -> School {
    let school = plant(bed, "school-a").await;
    run_one_job(bed).await;
    school
}

async fn claim(bed: &Bed, worker: &str) -> Option<Claimed> {
    bed.store().control().claim_job(worker).await.unwrap()
}

fn at(checkpoint: &str) -> JobRun {
    JobRun {
        checkpoint: checkpoint.to_owned(),
        done: 1,
        total: 2,
    }
}

async fn checkpoint(
    bed: &Bed,
    school: &School,
    claimed: &Claimed,
    text: &str,
) -> store::Result<()> {
    let mut unit = bed.store().begin(&school.admissions).await?;
    unit.checkpoint(claimed, &at(text)).await?;
    unit.commit().await
}

async fn finish(bed: &Bed, school: &School, claimed: &Claimed, text: &str) -> store::Result<()> {
    let mut unit = bed.store().begin(&school.admissions).await?;
    unit.finish_job(claimed, Ok(text.to_owned())).await?;
    unit.commit().await
}

async fn state(bed: &Bed, school: &School, job: Uuid) -> (String, String, Option<String>) {
    let unit = bed.store().read(&school.admissions).await.unwrap();
    let row = unit.job(job).await.unwrap();
    (row.state, row.checkpoint, row.result.or(row.error))
}

#[tokio::test]
async fn a_job_of_a_unit_that_is_let_go_does_not_exist() {
    on_both(|bed| async move {
        let school = school(&bed).await;
        let mut unit = bed.store().begin(&school.admissions).await.unwrap();
        let new = NewJob {
            kind: "check",
            payload: String::new(),
            idem_key: "never".to_owned(),
        };
        let job = unit.enqueue(new).await.unwrap();
        drop(unit);
        assert!(claim(&bed, "worker").await.is_none());
        let unit = bed.store().read(&school.admissions).await.unwrap();
        assert!(matches!(unit.job(job).await, Err(StoreError::NotFound)));
    })
    .await;
}

#[tokio::test]
async fn a_key_gives_one_job_and_the_unit_goes_on() {
    on_both(|bed| async move {
        let school = school(&bed).await;
        enqueue(&bed, &school, "once").await;
        let mut unit = bed.store().begin(&school.admissions).await.unwrap();
        let new = NewJob {
            kind: "check",
            payload: String::new(),
            idem_key: "once".to_owned(),
        };
        assert!(matches!(unit.enqueue(new).await, Err(StoreError::Taken)));
        unit.set_import_result(school.import, "{}", "[]", None)
            .await
            .unwrap();
        noted::<policy::UploadAdmission>(&mut unit, "import_batch", school.import);
        unit.commit().await.unwrap();
        assert_eq!(bed.store().control().tickets("waiting").await.unwrap(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_workers_never_have_the_same_job() {
    on_both(|bed| async move {
        let school = school(&bed).await;
        for n in 0..20 {
            enqueue(&bed, &school, &format!("job-{n}")).await;
        }
        let servers = [bed.store().clone(), bed.second().await];
        let workers: Vec<_> = (0..6_usize)
            .map(|n| {
                let store = servers[n % 2].clone();
                tokio::spawn(async move {
                    let mut own = Vec::new();
                    let name = format!("worker-{n}");
                    while let Some(claimed) = store.control().claim_job(&name).await.unwrap() {
                        own.push(claimed.id);
                    }
                    own
                })
            })
            .collect();
        let mut all = Vec::new();
        for worker in workers {
            all.extend(worker.await.unwrap());
        }
        assert_eq!(all.len(), 20);
        assert_eq!(all.iter().collect::<HashSet<_>>().len(), 20);
    })
    .await;
}

#[tokio::test]
async fn a_worker_that_lost_its_lease_writes_nothing_more() {
    on_both(|bed| async move {
        let school = school(&bed).await;
        let job = enqueue(&bed, &school, "long").await;
        let first = claim(&bed, "first").await.unwrap();
        checkpoint(&bed, &school, &first, "by the first")
            .await
            .unwrap();
        assert!(claim(&bed, "second").await.is_none());
        bed.advance(OVER);
        let second = claim(&bed, "second").await.unwrap();
        assert_eq!((second.id, second.attempt), (first.id, 2));
        assert!(second.fence > first.fence);

        let late = checkpoint(&bed, &school, &first, "too late").await;
        assert!(matches!(late, Err(StoreError::FenceLost)));
        let late = finish(&bed, &school, &first, "too late").await;
        assert!(matches!(late, Err(StoreError::FenceLost)));
        let control = bed.store().control();
        assert!(matches!(
            control.renew_lease(&first).await,
            Err(StoreError::FenceLost)
        ));
        assert!(matches!(
            control.retry_ticket(&first).await,
            Err(StoreError::FenceLost)
        ));
        let door = bed.store().door(school.tenant).await.unwrap();
        assert!(matches!(
            door.give_up(&first, "late").await,
            Err(StoreError::FenceLost)
        ));
        drop(door);

        let (running, at, _) = state(&bed, &school, job).await;
        assert_eq!((running.as_str(), at.as_str()), ("running", "by the first"));
        finish(&bed, &school, &second, "by the second")
            .await
            .unwrap();
        let (done, _, result) = state(&bed, &school, job).await;
        assert_eq!(
            (done.as_str(), result.as_deref()),
            ("done", Some("by the second"))
        );
    })
    .await;
}

/// The rows that a stale worker wrote beside its checkpoint go with it.
#[tokio::test]
async fn what_a_stale_worker_did_is_rolled_back_with_its_checkpoint() {
    on_both(|bed| async move {
        let school = school(&bed).await;
        enqueue(&bed, &school, "long").await;
        let first = claim(&bed, "first").await.unwrap();
        let mut unit = bed.store().begin(&school.admissions).await.unwrap();
        bed.advance(OVER);
        unit.set_row_states(&[school.row], "confirmed")
            .await
            .unwrap();
        noted::<policy::ConfirmImport>(&mut unit, "import_batch", school.import);
        if bed.backend() == sea_orm::DbBackend::Postgres {
            claim(&bed, "second").await.unwrap();
            let lost = unit.checkpoint(&first, &at("late")).await;
            assert!(matches!(lost, Err(StoreError::FenceLost)));
            drop(unit);
        } else {
            // The unit holds the write lock of SQLite: nobody can claim before it ends.
            drop(unit);
            claim(&bed, "second").await.unwrap();
        }
        let unit = bed.store().read(&school.admissions).await.unwrap();
        let rows = unit.import_rows(school.import, 0, 10).await.unwrap();
        assert!(rows.iter().all(|row| row.state != "confirmed"));
    })
    .await;
}

#[tokio::test]
async fn a_sign_of_life_keeps_the_lease() {
    on_both(|bed| async move {
        let school = school(&bed).await;
        enqueue(&bed, &school, "long").await;
        let first = claim(&bed, "first").await.unwrap();
        for _ in 0..5 {
            bed.advance(TimeDelta::seconds(20));
            bed.store().control().renew_lease(&first).await.unwrap();
            assert!(claim(&bed, "second").await.is_none());
        }
        bed.advance(TimeDelta::seconds(20));
        checkpoint(&bed, &school, &first, "half").await.unwrap();
        bed.advance(TimeDelta::seconds(20));
        assert!(claim(&bed, "second").await.is_none());
    })
    .await;
}

#[tokio::test]
async fn a_finished_job_is_not_done_again() {
    on_both(|bed| async move {
        let school = school(&bed).await;
        enqueue(&bed, &school, "short").await;
        let claimed = claim(&bed, "worker").await.unwrap();
        finish(&bed, &school, &claimed, "done").await.unwrap();
        // The worker dies here. Nothing else was to be done for the ticket.
        bed.advance(TimeDelta::days(1));
        assert!(claim(&bed, "worker").await.is_none());
        let again = finish(&bed, &school, &claimed, "twice").await;
        assert!(matches!(again, Err(StoreError::FenceLost)));
    })
    .await;
}

#[tokio::test]
async fn a_failed_attempt_waits_longer_each_time_and_ends_aside() {
    on_both(|bed| async move {
        let school = school(&bed).await;
        let job = enqueue(&bed, &school, "poison").await;
        let control = bed.store().control();
        let mut waited = Vec::new();
        for attempt in 1..=5 {
            let mut seconds = 0;
            let claimed = loop {
                if let Some(claimed) = claim(&bed, "worker").await {
                    break claimed;
                }
                bed.advance(TimeDelta::seconds(1));
                seconds += 1;
            };
            waited.push(seconds);
            assert_eq!(claimed.attempt, attempt);
            assert_eq!(claimed.is_last(), attempt == 5);
            if attempt < 5 {
                control.retry_ticket(&claimed).await.unwrap();
            } else {
                let door = bed.store().door(school.tenant).await.unwrap();
                door.give_up(&claimed, "too many attempts").await.unwrap();
                door.commit().await.unwrap();
            }
        }
        assert!(waited.is_sorted() && waited[1] > 0, "{waited:?}");
        bed.advance(TimeDelta::days(1));
        assert!(claim(&bed, "worker").await.is_none());
        assert_eq!(control.tickets("dead").await.unwrap(), 1);
        let (failed, _, error) = state(&bed, &school, job).await;
        assert_eq!(
            (failed.as_str(), error.as_deref()),
            ("failed", Some("too many attempts"))
        );
    })
    .await;
}

#[tokio::test]
async fn a_job_that_kills_its_workers_is_known_by_its_attempts() {
    on_both(|bed| async move {
        let school = school(&bed).await;
        let job = enqueue(&bed, &school, "poison").await;
        for _ in 0..5 {
            assert!(!claim(&bed, "dies").await.unwrap().exhausted());
            bed.advance(OVER);
        }
        let claimed = claim(&bed, "knows").await.unwrap();
        assert!(claimed.exhausted());
        let door = bed.store().door(school.tenant).await.unwrap();
        door.give_up(&claimed, "workers died").await.unwrap();
        door.commit().await.unwrap();
        let (failed, ..) = state(&bed, &school, job).await;
        assert_eq!(failed, "failed");
        assert_eq!(bed.store().control().tickets("dead").await.unwrap(), 1);
    })
    .await;
}

#[tokio::test]
async fn poison_does_not_hold_up_others() {
    on_both(|bed| async move {
        let school = school(&bed).await;
        enqueue(&bed, &school, "poison").await;
        let claimed = claim(&bed, "worker").await.unwrap();
        bed.store().control().retry_ticket(&claimed).await.unwrap();
        let good = enqueue(&bed, &school, "good").await;
        assert_eq!(claim(&bed, "worker").await.unwrap().id, good);
    })
    .await;
}

#[tokio::test]
async fn a_ticket_of_one_school_does_not_open_the_job_of_another() {
    on_both(|bed| async move {
        let a = school(&bed).await;
        let b = plant(&bed, "school-b").await;
        let claimed = claim(&bed, "worker").await.unwrap();
        assert_eq!(claimed.tenant, b.tenant);
        let stolen = checkpoint(&bed, &a, &claimed, "stolen").await;
        assert!(matches!(stolen, Err(StoreError::FenceLost)));
        let (waiting, at, _) = state(&bed, &b, b.job).await;
        assert_eq!((waiting.as_str(), at.as_str()), ("waiting", ""));
        school::act(bed.store(), &a.admin).await.unwrap();
    })
    .await;
}

/// T-JOB-08: a worker that comes back under the same name is another worker.
#[tokio::test]
async fn a_name_that_is_used_again_is_no_lease() {
    on_both(|bed| async move {
        let school = school(&bed).await;
        enqueue(&bed, &school, "restart").await;
        let before = claim(&bed, "worker").await.unwrap();
        bed.advance(OVER);
        let after = claim(&bed, "worker").await.unwrap();
        assert_eq!(after.id, before.id);
        assert!(after.fence > before.fence);
        let control = bed.store().control();
        let renewed = control.renew_lease(&before).await;
        assert!(matches!(renewed, Err(StoreError::FenceLost)));
        let written = checkpoint(&bed, &school, &before, "old").await;
        assert!(matches!(written, Err(StoreError::FenceLost)));
        let ended = finish(&bed, &school, &before, "old").await;
        assert!(matches!(ended, Err(StoreError::FenceLost)));
        finish(&bed, &school, &after, "new").await.unwrap();
        let (state, _, result) = state(&bed, &school, after.id).await;
        assert_eq!((state.as_str(), result.as_deref()), ("done", Some("new")));
    })
    .await;
}

/// T-JOB-11: one school's many jobs do not hold up the few of another (10,000 with `XJ_LONG=1`).
#[tokio::test]
async fn many_jobs_of_one_school_wait_for_the_few_of_another() {
    on_both(|bed| async move {
        let a = school(&bed).await;
        let mut unit = bed.store().begin(&a.admissions).await.unwrap();
        for number in 0..if long() { 10_000 } else { 400 } {
            unit.enqueue(NewJob {
                kind: "check",
                payload: String::new(),
                idem_key: format!("many-{number}"),
            })
            .await
            .unwrap();
        }
        noted::<policy::UploadAdmission>(&mut unit, "job", a.import);
        unit.commit().await.unwrap();
        let first = claim(&bed, "one").await.unwrap();
        assert_eq!(first.tenant, a.tenant);
        bed.advance(TimeDelta::seconds(1));
        // Its planted job, and two more, all of them younger than any of the other's.
        let b = plant(&bed, "school-b").await;
        enqueue(&bed, &b, "few-1").await;
        enqueue(&bed, &b, "few-2").await;
        let mut turns = Vec::new();
        for _ in 0..8 {
            let claimed = claim(&bed, "one").await.unwrap();
            turns.push(claimed.tenant);
        }
        let (a, b) = (a.tenant, b.tenant);
        assert_eq!(turns, [b, a, b, a, b, a, a, a]);
    })
    .await;
}

/// Within a school the oldest comes first, and a lease that ran out is not forgotten over newer work.
#[tokio::test]
async fn within_a_school_the_oldest_job_comes_first() {
    on_both(|bed| async move {
        let school = school(&bed).await;
        let mut jobs = Vec::new();
        for key in ["first", "second", "third"] {
            jobs.push(enqueue(&bed, &school, key).await);
            bed.advance(TimeDelta::seconds(1));
        }
        assert_eq!(claim(&bed, "dies").await.unwrap().id, jobs[0]);
        assert_eq!(claim(&bed, "works").await.unwrap().id, jobs[1]);
        bed.advance(OVER);
        let next = claim(&bed, "works").await.unwrap();
        assert_eq!((next.id, next.attempt), (jobs[0], 2));
    })
    .await;
}
