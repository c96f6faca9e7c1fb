//! The worker: leases, attempts, owners, the way to stop.

use crate::admission::ground::{Ground, package, services};
use chrono::TimeDelta;
use domain::admission::import::ImportState;
use domain::institution::{Office, Target, TenantId, policy};
use domain::view::admission::JobState;
use formats::sample::ZipNames;
use services::worker::{Ran, Worker};
use services::{Services, Upkeep};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;
use store::testkit::{Bed, Hooks, on_both};
use store::{Detail, NewJob, Store, Subject};
use tokio::sync::watch;
use uuid::Uuid;

/// A job that no worker knows.
async fn poison(ground: &Ground) -> Uuid {
    poison_named(ground, "poison").await
}

/// One of several such jobs; each is an entry in the chain.
async fn poison_named(ground: &Ground, key: &str) -> Uuid {
    let mut unit = ground.bed.store().begin(&ground.officer).await.unwrap();
    let granted = ground
        .officer
        .authorize::<policy::UploadAdmission>(&Target::school(ground.tenant), unit.now())
        .unwrap();
    let job = unit
        .enqueue(NewJob {
            kind: "poison",
            payload: "{}".to_owned(),
            idem_key: key.to_owned(),
        })
        .await
        .unwrap();
    unit.note(&granted, Subject::new("job", job), Detail::none());
    unit.commit().await.unwrap();
    job
}

#[tokio::test]
async fn a_job_that_always_fails_is_put_aside_and_blocks_nobody() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let job = poison(&ground).await;
        let import = ground
            .upload(package(71, 2, &[]).zip(ZipNames::Gbk))
            .await
            .import();
        let mut outcomes = Vec::new();
        for _ in 0..12 {
            outcomes.extend(ground.worker.run_one().await.unwrap());
            ground.bed.advance(TimeDelta::minutes(5));
        }
        assert_eq!(ground.view(import).await.line.state, ImportState::Checked);
        let retried = outcomes.iter().filter(|ran| **ran == Ran::Retried).count();
        assert_eq!(
            (
                retried,
                outcomes.iter().filter(|ran| **ran == Ran::Failed).count()
            ),
            (4, 1)
        );
        let unit = ground.bed.store().read(&ground.officer).await.unwrap();
        let job = unit.job(job).await.unwrap();
        assert_eq!(job.state, "failed");
        assert!(job.error.is_some() && job.finished_at.is_some());
    })
    .await;
}

/// The worker of the last attempt dies before job and ticket have ended: the next claim after its lease ends both.
#[tokio::test]
async fn a_job_whose_end_was_cut_off_ends_after_its_lease() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let job = poison(&ground).await;
        for _ in 0..4 {
            assert_eq!(ground.worker.run_one().await.unwrap(), Some(Ran::Retried));
            ground.bed.advance(TimeDelta::minutes(5));
        }
        let control = ground.bed.store().control();
        let dies = control.claim_job("dies").await.unwrap().unwrap();
        assert!(dies.is_last());
        assert_eq!(ground.worker.run_one().await.unwrap(), None);
        ground.bed.advance(TimeDelta::seconds(31));
        assert_eq!(ground.worker.run_one().await.unwrap(), Some(Ran::Failed));
        assert_eq!(control.tickets("dead").await.unwrap(), 1);
        let unit = ground.bed.store().read(&ground.officer).await.unwrap();
        let job = unit.job(job).await.unwrap();
        assert_eq!((job.state.as_str(), job.error.is_some()), ("failed", true));
    })
    .await;
}

/// Services of a server that panics in some of its statements.
async fn panicking(bed: &Bed, at: impl Fn(&str) -> bool + Send + Sync + 'static) -> Services {
    let hooks = Hooks {
        statement: Some(Arc::new(move |sql: &str| {
            assert!(!at(sql), "a panic of the test");
        })),
        fenced: true,
    };
    let (settings, source) = (bed.settings(), bed.source().clone());
    services(Store::hooked(&settings, bed.folder(), source, hooks).await)
}

#[tokio::test]
async fn a_job_that_panics_once_is_tried_again_by_the_same_worker() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let import = ground
            .upload(package(78, 2, &[]).zip(ZipNames::Gbk))
            .await
            .import();
        let panicked = AtomicBool::new(false);
        let first = move |sql: &str| sql == "COMMIT" && !panicked.swap(true, Ordering::SeqCst);
        let worker = Worker::new(panicking(&ground.bed, first).await, "panics");
        let (stop, told) = watch::channel(false);
        let running = tokio::spawn(async move { worker.run(told).await });
        let mut looks = 0;
        while ground.view(import).await.line.state != ImportState::Checked {
            looks += 1;
            assert!(looks < 300, "the worker does not work any more");
            tokio::time::sleep(Duration::from_millis(100)).await;
            ground.bed.advance(TimeDelta::seconds(1));
        }
        stop.send(true).unwrap();
        tokio::time::timeout(Duration::from_secs(5), running)
            .await
            .unwrap()
            .unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_job_that_always_panics_is_put_aside() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let import = ground
            .upload(package(79, 2, &[]).zip(ZipNames::Gbk))
            .await
            .import();
        let always = |sql: &str| sql == "COMMIT";
        let worker = Worker::new(panicking(&ground.bed, always).await, "panics");
        let mut outcomes = Vec::new();
        for _ in 0..6 {
            outcomes.extend(worker.run_one().await.unwrap());
            ground.bed.advance(TimeDelta::minutes(5));
        }
        let expected = [Ran::Retried, Ran::Retried, Ran::Retried, Ran::Retried];
        assert_eq!(outcomes, [&expected[..], &[Ran::Failed]].concat());
        let progress = ground.view(import).await.progress.unwrap();
        assert_eq!(progress.state, JobState::Failed);
        ground.assert_sound().await;
    })
    .await;
}

#[tokio::test]
async fn a_job_of_somebody_who_left_stops_and_a_colleague_goes_on() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let import = ground.checked(&package(72, 5, &[])).await;
        let seen = ground.seen(import).await;
        ground
            .services
            .confirm_import(&ground.officer, import, seen)
            .await
            .unwrap();
        let colleague = ground.bed.officer(ground.tenant, Office::Admissions).await;
        let admin = ground.bed.officer(ground.tenant, Office::TenantAdmin).await;
        let mut unit = ground.bed.store().begin(&admin).await.unwrap();
        let granted = admin
            .authorize::<policy::UndoOrganisation>(&Target::school(ground.tenant), unit.now())
            .unwrap();
        let post = ground.officer.seat().post;
        let yesterday = unit.today().pred_opt().unwrap();
        unit.end_posts(&[post], yesterday).await.unwrap();
        unit.note(&granted, Subject::new("post", post), Detail::none());
        unit.commit().await.unwrap();
        assert_eq!(ground.worker.run_one().await.unwrap(), Some(Ran::Failed));
        assert_eq!(ground.candidates().await, 0);
        let view = ground
            .services
            .import_view(&colleague, import)
            .await
            .unwrap();
        assert_eq!(view.line.state, ImportState::Confirming);
        assert_eq!(view.progress.unwrap().state, JobState::Failed);
        assert!(view.steps.resume);
        ground
            .services
            .resume_import(&colleague, import)
            .await
            .unwrap();
        assert_eq!(ground.worker.run_one().await.unwrap(), Some(Ran::Done));
        assert_eq!(ground.candidates().await, 5);
        let again = ground.services.resume_import(&colleague, import).await;
        assert!(again.is_err(), "nothing of it has failed");
        ground.assert_sound().await;
    })
    .await;
}

#[tokio::test]
async fn a_job_of_a_dead_worker_goes_on_after_its_lease() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let import = ground
            .upload(package(73, 3, &[]).zip(ZipNames::Gbk))
            .await
            .import();
        let dead = ground
            .bed
            .store()
            .control()
            .claim_job("dead")
            .await
            .unwrap();
        assert!(dead.is_some());
        assert_eq!(ground.worker.run_one().await.unwrap(), None);
        ground.bed.advance(TimeDelta::seconds(31));
        assert_eq!(ground.worker.run_one().await.unwrap(), Some(Ran::Done));
        assert_eq!(ground.view(import).await.line.state, ImportState::Checked);
    })
    .await;
}

#[tokio::test]
async fn two_workers_share_the_work_and_stop_when_they_are_told() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let (stop, told) = watch::channel(false);
        let mut running = Vec::new();
        for name in ["one", "two"] {
            let worker = Worker::new(services(ground.bed.second().await), name);
            let told = told.clone();
            running.push(tokio::spawn(async move { worker.run(told).await }));
        }
        let mut imports = Vec::new();
        for seed in 0..4 {
            imports.push(
                ground
                    .upload(package(80 + seed, 3, &[]).zip(ZipNames::Gbk))
                    .await
                    .import(),
            );
        }
        for import in imports {
            let mut looks = 0;
            while ground.view(import).await.line.state != ImportState::Checked {
                looks += 1;
                assert!(looks < 300, "the workers do not work");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
        stop.send(true).unwrap();
        for worker in running {
            tokio::time::timeout(Duration::from_secs(5), worker)
                .await
                .unwrap()
                .unwrap();
        }
    })
    .await;
}

#[tokio::test]
async fn a_named_job_is_taken_once() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let import = ground
            .upload(package(74, 2, &[]).zip(ZipNames::Gbk))
            .await
            .import();
        let unit = ground.bed.store().read(&ground.officer).await.unwrap();
        let job = unit.import(import).await.unwrap().job_id.unwrap();
        drop(unit);
        let control = ground.bed.store().control();
        assert!(control.claim_named(job, "one").await.unwrap().is_some());
        assert!(control.claim_named(job, "two").await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn a_job_given_back_counts_no_attempt_and_its_old_holder_is_out() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let import = ground
            .upload(package(75, 2, &[]).zip(ZipNames::Gbk))
            .await
            .import();
        let control = ground.bed.store().control();
        let first = control.claim_job("stopping").await.unwrap().unwrap();
        control.release_ticket(&first).await.unwrap();
        let second = control.claim_job("other").await.unwrap().unwrap();
        assert_eq!(second.attempt, first.attempt);
        assert!(second.fence > first.fence);
        assert!(control.release_ticket(&first).await.is_err());
        control.release_ticket(&second).await.unwrap();
        ground.work().await;
        assert_eq!(ground.view(import).await.line.state, ImportState::Checked);
    })
    .await;
}

/// The figures of the bar, asked for after every commit of a check that takes several chunks.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_progress_of_a_check_moves_from_chunk_to_chunk() {
    on_both(|bed| async move {
        let ground = Arc::new(Ground::new(bed).await);
        let sample = package(68, 1_100, &[]);
        let import = ground.upload(sample.zip(ZipNames::Gbk)).await.import();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (asks, told) = (Arc::clone(&ground), Arc::clone(&seen));
        let hooks = Hooks {
            statement: Some(Arc::new(move |sql: &str| {
                if sql == "COMMITTED" {
                    let view = tokio::task::block_in_place(|| {
                        tokio::runtime::Handle::current().block_on(asks.view(import))
                    });
                    if view.line.state == ImportState::Checking {
                        let progress = view.progress.unwrap();
                        told.lock().unwrap().push((progress.done, progress.total));
                    }
                }
            })),
            fenced: true,
        };
        let (settings, source) = (ground.bed.settings(), ground.bed.source().clone());
        let store = Store::hooked(&settings, ground.bed.folder(), source, hooks).await;
        let ran = Worker::new(services(store), "watched").run_one().await;
        assert_eq!(ran.unwrap(), Some(Ran::Done));
        let mut seen = seen.lock().unwrap().clone();
        seen.dedup();
        assert_eq!(seen, [(0, 0), (500, 1_100), (1_000, 1_100), (1_100, 1_100)]);
        let checked = ground.view(import).await;
        assert_eq!(checked.line.state, ImportState::Checked);
        let end = checked.progress.unwrap();
        assert_eq!((end.done, end.total), (1_100, 1_100));
    })
    .await;
}

/// T-JOB-10: the database goes away in the middle of a job. The job goes on from its last chunk when it is back: no gap,
/// nothing twice.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_job_goes_on_when_the_database_is_back() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let sample = package(76, 1_100, &[]);
        let import = ground.checked(&sample).await;
        let seen = ground.seen(import).await;
        ground
            .services
            .confirm_import(&ground.officer, import, seen)
            .await
            .unwrap();
        let cut_off = Arc::new(OnceLock::<Store>::new());
        let (at_commit, commits) = (Arc::clone(&cut_off), AtomicU64::new(0));
        let hooks = Hooks {
            statement: Some(Arc::new(move |sql: &str| {
                if sql == "COMMITTED" && commits.fetch_add(1, Ordering::SeqCst) == 1 {
                    let store = at_commit.get().unwrap().clone();
                    tokio::task::block_in_place(|| {
                        tokio::runtime::Handle::current()
                            .block_on(store.close())
                            .unwrap();
                    });
                }
            })),
            fenced: true,
        };
        let (settings, source) = (ground.bed.settings(), ground.bed.source().clone());
        let store = Store::hooked(&settings, ground.bed.folder(), source, hooks).await;
        assert!(cut_off.set(store.clone()).is_ok());
        let ran = Worker::new(services(store), "cut off").run_one().await;
        assert!(ran.is_err(), "{ran:?}");
        let half = ground.candidates().await;
        assert!(half > 0 && half < 1_100, "{half} candidates");
        assert_eq!(
            ground.worker.run_one().await.unwrap(),
            None,
            "the lease lasts"
        );
        ground.bed.advance(TimeDelta::seconds(31));
        ground.work().await;
        assert_eq!(ground.candidates().await, 1_100);
        assert_eq!(ground.view(import).await.line.state, ImportState::Confirmed);
        ground.assert_sound().await;
    })
    .await;
}

/// What the service does by itself each minute: every school has its numbers counted and its chain signed, and one that
/// fails does not stop the others.
#[tokio::test]
async fn upkeep_counts_and_signs_for_every_school() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let _import = ground.confirmed(&package(77, 5, &[])).await;
        let other = ground.bed.tenant("shanhai").await;
        let mut upkeep = Upkeep::new(ground.services.clone());
        upkeep.round().await.unwrap();
        let unit = ground.bed.store().read(&ground.officer).await.unwrap();
        let signed = unit.last_checkpoint().await.unwrap().unwrap();
        let links = unit.audit_after(0, 100_000).await.unwrap().len();
        assert_eq!(usize::try_from(signed.size).unwrap(), links);
        let tenants = ground.bed.store().control().tenants().await.unwrap();
        let counts: Vec<_> = tenants
            .into_iter()
            .map(|(school, stat)| (TenantId(school.id), stat.map(|s| s.candidates)))
            .collect();
        assert_eq!(counts, [(ground.tenant, Some(5)), (other, Some(0))]);
        // A chain that grows is signed again after ten minutes, and not each minute.
        drop(unit);
        let mut signed_after = Vec::new();
        for minutes in 1..=25 {
            ground.bed.advance(TimeDelta::minutes(1));
            poison_named(&ground, &minutes.to_string()).await;
            upkeep.round().await.unwrap();
            let unit = ground.bed.store().read(&ground.officer).await.unwrap();
            if unit.last_checkpoint().await.unwrap().unwrap().at == unit.now() {
                signed_after.push(minutes);
            }
        }
        assert_eq!(signed_after, [10, 20]);
    })
    .await;
}

/// A step that panics stops neither the steps after it nor the other schools.
#[tokio::test]
async fn upkeep_goes_on_after_a_panic() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let _import = ground.confirmed(&package(70, 3, &[])).await;
        let other = ground.bed.tenant("shanhai").await;
        let panicked = AtomicBool::new(false);
        let first = move |sql: &str| {
            sql.starts_with("INSERT INTO \"tenant_stat\"") && !panicked.swap(true, Ordering::SeqCst)
        };
        let services = panicking(&ground.bed, first).await;
        Upkeep::new(services).round().await.unwrap();
        let unit = ground.bed.store().read(&ground.officer).await.unwrap();
        assert!(unit.last_checkpoint().await.unwrap().is_some());
        let tenants = ground.bed.store().control().tenants().await.unwrap();
        let counted = tenants
            .into_iter()
            .find(|(school, _)| school.id == other.0)
            .and_then(|(_, stat)| stat);
        assert_eq!(counted.unwrap().accounts, 0);
    })
    .await;
}
