//! Worker processes of the server setting: started, killed, started again.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::servers::Servers;
use crate::usage::Usage;

/// The stages, each a process of its own.
pub const STAGES: [&str; 8] = ["import", "dedupe", "plan", "release", "localise", "dispatch", "record", "reconcile"];

/// The `tidings` program of the same build as this test.
///
/// # Panics
/// It was not built.
#[must_use]
pub fn program() -> PathBuf {
    let here = std::env::current_exe().expect("a path");
    let found = here.ancestors().skip(1).take(3).map(|folder| folder.join("tidings")).find(|path| path.is_file());
    found.expect("`tidings` is built beside the tests: cargo build --bin tidings in the same profile")
}

/// One worker process.
pub struct Worker {
    /// Its stage.
    pub stage: &'static str,
    child: Child,
    used: Usage,
}

/// Supervises one process a stage: whoever ends is started again, as any supervisor would.
pub struct Crew {
    workers: Vec<Worker>,
    home: PathBuf,
    log: PathBuf,
    environment: Vec<(String, String)>,
    /// Starts after the first.
    pub restarts: u64,
}

impl Crew {
    /// Starts one process for every stage of a list; a stage named twice gets two.
    #[must_use]
    pub fn start(home: &Path, servers: &Servers, stages: &[&'static str], more: &[(&str, &str)]) -> Self {
        let mut environment = vec![
            ("TIDINGS_HOME".to_owned(), home.display().to_string()),
            ("DATABASE_URL".to_owned(), servers.database_url.clone()),
            ("AMQP_URL".to_owned(), servers.amqp_url.clone()),
            ("TIDINGS_AMQP_NAMESPACE".to_owned(), servers.namespace.clone()),
        ];
        environment.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let log = home.join("workers.log");
        let mut crew = Self { workers: Vec::new(), home: home.to_path_buf(), log, environment, restarts: 0 };
        for stage in stages {
            let child = crew.spawn(stage);
            crew.workers.push(Worker { stage, child, used: Usage::default() });
        }
        crew
    }

    fn spawn(&self, stage: &str) -> Child {
        let log = std::fs::OpenOptions::new().create(true).append(true).open(&self.log).expect("a log");
        Command::new(program())
            .args(["worker", stage, "--drill"])
            .current_dir(&self.home)
            .envs(self.environment.iter().cloned())
            .env_remove("TIDINGS_REQUIRE_SERVERS")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .expect("the program starts")
    }

    /// Starts again whoever has ended.
    pub fn supervise(&mut self) {
        for at in 0..self.workers.len() {
            if self.workers[at].child.try_wait().ok().flatten().is_some() {
                let child = self.spawn(self.workers[at].stage);
                self.workers[at].child = child;
                self.restarts += 1;
            }
        }
    }

    /// `kill -9` to every process of a stage.
    pub fn kill(&mut self, stage: &str) {
        for worker in self.workers.iter_mut().filter(|w| w.stage == stage) {
            // It may have ended by itself a moment ago.
            let _ = worker.child.kill();
            let _ = worker.child.wait();
        }
    }

    /// CPU and memory by stage so far; call it while they live.
    pub fn usage(&mut self) -> Vec<(&'static str, Usage)> {
        for worker in &mut self.workers {
            worker.used = worker.used.max(Usage::of(worker.child.id()));
        }
        self.workers.iter().map(|w| (w.stage, w.used)).collect()
    }

    /// What the workers logged.
    #[must_use]
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }
}

impl Drop for Crew {
    fn drop(&mut self) {
        for worker in &mut self.workers {
            let _ = worker.child.kill();
            let _ = worker.child.wait();
        }
    }
}
