//! Prometheus metrics, on an address of their own. Counts and times by route pattern; no names, no numbers of persons.

use axum::Router;
use axum::routing::get;
use prometheus::{
    Encoder, HistogramOpts, HistogramVec, IntCounterVec, Opts, Registry, TextEncoder,
};
use std::sync::OnceLock;
use std::time::Duration;

struct Metrics {
    registry: Registry,
    requests: IntCounterVec,
    seconds: HistogramVec,
}

fn metrics() -> Option<&'static Metrics> {
    static METRICS: OnceLock<Option<Metrics>> = OnceLock::new();
    METRICS
        .get_or_init(|| {
            let registry = Registry::new();
            let requests = IntCounterVec::new(
                Opts::new("xj_requests_total", "Requests by route and status"),
                &["route", "status"],
            )
            .ok()?;
            let seconds = HistogramVec::new(
                HistogramOpts::new("xj_request_seconds", "Time of requests by route"),
                &["route"],
            )
            .ok()?;
            registry.register(Box::new(requests.clone())).ok()?;
            registry.register(Box::new(seconds.clone())).ok()?;
            Some(Metrics {
                registry,
                requests,
                seconds,
            })
        })
        .as_ref()
}

/// Counts one request.
pub fn request(route: &str, status: u16, took: Duration) {
    if let Some(metrics) = metrics() {
        metrics
            .requests
            .with_label_values(&[route, &status.to_string()])
            .inc();
        metrics
            .seconds
            .with_label_values(&[route])
            .observe(took.as_secs_f64());
    }
}

/// The metrics' own router.
pub fn router() -> Router {
    Router::new().route(
        "/metrics",
        get(async || {
            let mut text = Vec::new();
            if let Some(metrics) = metrics() {
                let gathered = metrics.registry.gather();
                if TextEncoder::new().encode(&gathered, &mut text).is_err() {
                    text.clear();
                }
            }
            text
        }),
    )
}
