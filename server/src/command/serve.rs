//! `xj serve` and `xj worker`.

use super::{CommandError, Outcome, Result, print, with};
use crate::http::accept::{self, Limits};
use crate::http::fonts::Fonts;
use crate::http::router::{Setup, assets, router};
use crate::settings::Settings;
use app::cx::Assets;
use clap::Args;
use leptos::config::LeptosOptions;
use services::{Services, Upkeep};
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// Serves pages.
#[derive(Debug, Args)]
pub struct Serve {
    /// Do not run jobs in this process.
    #[arg(long)]
    no_worker: bool,
}

/// Runs jobs.
#[derive(Debug, Args)]
pub struct Worker {}

/// Ends on SIGTERM or Ctrl-C.
fn stop_signal() -> Result<CancellationToken> {
    let stop = CancellationToken::new();
    let fault = |e: std::io::Error| CommandError::Plain(e.to_string());
    let mut term = signal(SignalKind::terminate()).map_err(fault)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(fault)?;
    let ended = stop.clone();
    tokio::spawn(async move {
        tokio::select! { _ = term.recv() => {}, _ = interrupt.recv() => {} }
        tracing::info!(
            "stopping: running requests and the current step of a job are finished first"
        );
        ended.cancel();
    });
    Ok(stop)
}

impl Serve {
    /// Serves until it is told to stop.
    pub async fn run(self, settings: Settings) -> Result<Outcome> {
        settings.check_demo(false)?;
        with(&settings, async |services| {
            let demo = services.store().control().demo().await?.is_some();
            settings.check_demo(demo)?;
            self.serve(&settings, services, demo).await
        })
        .await
    }

    async fn serve(&self, settings: &Settings, services: Services, demo: bool) -> Result<Outcome> {
        let stop = stop_signal()?;
        let fonts = match &settings.fonts {
            Some(folder) => Fonts::load(folder)?,
            None => Fonts::default(),
        };
        let assets = client(settings, &fonts)?;
        let listener = bind(settings.addr, "serving").await?;
        let metrics = match settings.metrics_addr {
            Some(address) => Some(bind(address, "metrics").await?),
            None => None,
        };
        let setup = Setup {
            assets: Arc::new(assets),
            site: settings.site.clone(),
            public_url: settings.public_url.as_str().into(),
            trusted_proxies: settings.trusted_proxies.clone().into(),
            demo: demo || settings.is_demo(),
            leptos: LeptosOptions::builder().output_name("xueji").build(),
            services: services.clone(),
            limits: Limits::default(),
        };
        let worker = (!self.no_worker).then(|| tokio::spawn(work(services.clone(), stop.clone())));
        let upkeep = tokio::spawn(upkeep(services, stop.clone()));
        let measured = metrics.map(|listener| {
            tokio::spawn(accept::serve(
                listener,
                crate::http::metrics::router(),
                stop.clone(),
                Limits::default(),
            ))
        });
        // From here on the address answers.
        print(&settings.public_url)?;
        // In this order: the fallback with all its layers is that of the router that is merged in.
        let router = fonts.router().merge(router(setup));
        accept::serve(listener, router, stop, Limits::default()).await;
        for task in [worker, Some(upkeep), measured].into_iter().flatten() {
            if task.await.is_err() {
                tracing::warn!("a background task ended badly");
            }
        }
        Ok(Outcome::Done)
    }
}

/// The names of the client's files. Without a client there are pages still, and a warning; not where somebody said in
/// which folder it is.
fn client(settings: &Settings, fonts: &Fonts) -> Result<Assets> {
    let found = match assets(&settings.site) {
        Ok(found) => found,
        Err(missing) if settings.site_is_named => return Err(missing.into()),
        Err(missing) => {
            tracing::warn!(%missing, "pages come without style");
            Assets::default()
        }
    };
    Ok(Assets {
        print: fonts.style(),
        ..found
    })
}

/// Takes an address, and logs which it became: port 0 stands for any that is free.
async fn bind(address: SocketAddr, what: &'static str) -> Result<TcpListener> {
    let fault = |e: std::io::Error| CommandError::Plain(format!("{address}: {e}"));
    let listener = TcpListener::bind(address).await.map_err(fault)?;
    let taken = listener.local_addr().map_err(fault)?;
    tracing::info!(address = %taken, "{what}");
    Ok(listener)
}

impl Worker {
    /// Works until it is told to stop.
    pub async fn run(self, settings: Settings) -> Result<Outcome> {
        with(&settings, async |services| {
            let stop = stop_signal()?;
            tracing::info!("working");
            work(services, stop).await;
            Ok(Outcome::Done)
        })
        .await
    }
}

async fn work(services: Services, stop: CancellationToken) {
    let name = format!("{}-{}", std::process::id(), services.store().id().simple());
    let (tell, told) = tokio::sync::watch::channel(false);
    let worker = services::worker::Worker::new(services, name);
    let running = worker.run(told);
    tokio::pin!(running);
    tokio::select! {
        () = &mut running => return,
        () = stop.cancelled() => {}
    }
    if tell.send(true).is_ok() {
        running.await;
    }
}

/// Each minute: sessions that are over, statistics without persons, checkpoints of the audit chains.
async fn upkeep(services: Services, stop: CancellationToken) {
    let mut upkeep = Upkeep::new(services);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(std::time::Duration::from_mins(1)) => {}
        }
        if let Err(error) = upkeep.round().await {
            tracing::warn!(error = &error as &dyn std::error::Error, "upkeep");
        }
    }
}
