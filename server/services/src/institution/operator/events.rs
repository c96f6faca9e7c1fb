//! Comings and goings at the platform's own door, as operators see them.

use super::Operator;
use crate::{Result, ServiceError, Services};
use chrono::{DateTime, TimeDelta, Utc};
use domain::institution::{OperatorAct, policy};

/// Comings and goings shown to operators.
const MOST_EVENTS: u64 = 20;

/// A coming or going at the platform's own door.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperatorEvent {
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub act: OperatorAct,
    /// Who, where the login was somebody's.
    pub name: Option<String>,
    /// From which network; the part that tells one machine from another is 0.
    pub origin: String,
}

/// How often something happened at the platform's own door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OperatorTotal {
    /// What.
    pub act: OperatorAct,
    /// Within a day.
    pub day: i64,
    /// Within a week.
    pub week: i64,
}

impl Services {
    /// The newest comings and goings at the platform's door.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn operator_events(&self, by: &Operator) -> Result<Vec<OperatorEvent>> {
        self.ensure_operator::<policy::TenantsPage>(by)?;
        let rows = self.store.control().operator_events(MOST_EVENTS).await?;
        rows.into_iter()
            .map(|(row, operator)| {
                let act = OperatorAct::from_key(&row.kind);
                Ok(OperatorEvent {
                    at: row.at,
                    act: act.ok_or(ServiceError::Internal("operator event"))?,
                    name: operator.map(|o| o.name),
                    origin: row.origin,
                })
            })
            .collect()
    }

    /// How often strangers were refused at the platform's door, by kind: the list above is short, and an attack is long.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn operator_totals(&self, by: &Operator) -> Result<Vec<OperatorTotal>> {
        self.ensure_operator::<policy::TenantsPage>(by)?;
        let (control, now) = (self.store.control(), self.store.now());
        let day = control.operator_totals(now - TimeDelta::days(1)).await?;
        let week = control.operator_totals(now - TimeDelta::days(7)).await?;
        let of = |counts: &[(String, i64)], act: OperatorAct| {
            let own = counts.iter().find(|(kind, _)| kind == act.key());
            own.map_or(0, |(_, count)| *count)
        };
        let provoked = OperatorAct::ALL.into_iter().filter(|a| a.is_provoked());
        let totals = provoked.map(|act| OperatorTotal {
            act,
            day: of(&day, act),
            week: of(&week, act),
        });
        Ok(totals.filter(|total| total.week > 0).collect())
    }
}
