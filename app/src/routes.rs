//! The routes: one line per page of the policy table.

use crate::pages::{
    account, activation, admin, assign, exports, handovers, home, imports, me, operator,
    organisation, school, sign_in, students,
};
use leptos::prelude::*;
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::{SsrMode, path};

/// All pages. `SsrMode::Async`: a page is complete before its first byte leaves, also for browsers without scripts.
#[component]
pub fn App() -> impl IntoView {
    view! {
        <Router>
            <FlatRoutes fallback=Missing>
                <Route path=path!("/") view=operator::EntrancePage ssr=SsrMode::Async/>
                <Route path=path!("/operator/tenants") view=operator::TenantsPage ssr=SsrMode::Async/>
                <Route path=path!("/operator/account") view=operator::OperatorAccountPage ssr=SsrMode::Async/>
                <Route path=path!("/:tenant/sign-in") view=sign_in::SignInPage ssr=SsrMode::Async/>
                <Route path=path!("/:tenant/activate") view=activation::ActivatePage ssr=SsrMode::Async/>
                <Route path=path!("/:tenant/home") view=home::HomePage ssr=SsrMode::Async/>
                <Route path=path!("/:tenant/account") view=account::AccountPage ssr=SsrMode::Async/>
                <Route path=path!("/:tenant/me") view=me::MyRecordPage ssr=SsrMode::Async/>
                <Route path=path!("/:tenant/me/access") view=me::MyAccessPage ssr=SsrMode::Async/>
                <Route path=path!("/:tenant/admission/imports") view=imports::ImportsPage ssr=SsrMode::Async/>
                <Route path=path!("/:tenant/admission/imports/:id") view=imports::ImportPage ssr=SsrMode::Async/>
                <Route path=path!("/:tenant/admission/majors") view=imports::MajorsPage ssr=SsrMode::Async/>
                <Route path=path!("/:tenant/handovers") view=handovers::HandoversPage ssr=SsrMode::Async/>
                <Route path=path!("/:tenant/handovers/:id") view=handovers::HandoverPage ssr=SsrMode::Async/>
                <Route path=path!("/:tenant/assign") view=assign::AssignPage ssr=SsrMode::Async/>
                <Route path=path!("/:tenant/students") view=students::StudentsPage ssr=SsrMode::Async/>
                <Route path=path!("/:tenant/students/:id") view=students::StudentPage ssr=SsrMode::Async/>
                <Route path=path!("/:tenant/exports") view=exports::ExportsPage ssr=SsrMode::Async/>
                <Route path=path!("/:tenant/activation") view=activation::SlipsPage ssr=SsrMode::Async/>
                <Route path=path!("/:tenant/files/slips/all") view=activation::PrintAllSlipsPage ssr=SsrMode::Async/>
                <Route path=path!("/:tenant/files/slips/staff") view=activation::PrintStaffSlipsPage ssr=SsrMode::Async/>
                <Route path=path!("/:tenant/files/slips/one/:id") view=activation::PrintOneSlipPage ssr=SsrMode::Async/>
                <Route path=path!("/:tenant/files/slips/:class") view=activation::PrintSlipsPage ssr=SsrMode::Async/>
                <Route path=path!("/:tenant/organisation") view=organisation::UnitsPage ssr=SsrMode::Async/>
                <Route path=path!("/:tenant/staff") view=organisation::StaffPage ssr=SsrMode::Async/>
                <Route path=path!("/:tenant/parameters") view=admin::ParametersPage ssr=SsrMode::Async/>
                <Route path=path!("/:tenant/school") view=school::SchoolPage ssr=SsrMode::Async/>
                <Route path=path!("/:tenant/security") view=admin::SecurityPage ssr=SsrMode::Async/>
            </FlatRoutes>
        </Router>
    }
}

/// What is shown where there is no page.
#[component]
fn Missing() -> impl IntoView {
    crate::cx::get().map(|known| {
        crate::frame::refusal(
            crate::cx::Cx::new(known),
            domain::decision::Reason::NotVisible,
        )
    })
}
