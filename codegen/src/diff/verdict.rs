//! What a change means, and for whom.

/// What a change means for one group of people. Ordered: the worst is the greatest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// Nothing.
    #[default]
    Neutral,
    /// There is more than before; nothing that was used changes.
    Additive,
    /// What was used goes on, perhaps with another result or a new warning.
    Warning,
    /// What was used fails.
    Breaking,
}

impl Verdict {
    /// The word for reports: `breaking`, `warning`, `additive`, `neutral`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Additive => "additive",
            Self::Warning => "warning",
            Self::Breaking => "breaking",
        }
    }
}

/// Which way a thing travels, computed by reachability from the generated methods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// No generated method reaches it: neither Rust code nor requests can tell.
    Unreached,
    /// Only in what is sent.
    Request,
    /// Only in what is answered.
    Response,
    /// Both ways; also methods and resources as a whole.
    Both,
}

impl Direction {
    /// The direction of what travels so.
    pub fn of(request: bool, response: bool) -> Self {
        match (request, response) {
            (false, false) => Self::Unreached,
            (true, false) => Self::Request,
            (false, true) => Self::Response,
            (true, true) => Self::Both,
        }
    }

    /// Whether it is sent.
    pub fn is_request(self) -> bool {
        matches!(self, Self::Request | Self::Both)
    }

    /// Whether it is answered.
    pub fn is_response(self) -> bool {
        matches!(self, Self::Response | Self::Both)
    }

    /// What travels as either of them.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self::of(self.is_request() || other.is_request(), self.is_response() || other.is_response())
    }

    /// The word for reports: `request`, `response`, `both`, `unreached`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Unreached => "unreached",
            Self::Request => "request",
            Self::Response => "response",
            Self::Both => "both",
        }
    }
}

/// A verdict that may differ between what is sent and what is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ByDirection {
    /// In requests.
    pub request: Verdict,
    /// In answers.
    pub response: Verdict,
}

impl ByDirection {
    /// The verdict for a direction: the worse one for what travels both ways.
    pub fn at(self, direction: Direction) -> Verdict {
        match direction {
            Direction::Unreached => Verdict::Neutral,
            Direction::Request => self.request,
            Direction::Response => self.response,
            Direction::Both => self.request.max(self.response),
        }
    }
}

/// How loudly a change is told. Ordered: the loudest is the greatest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// No change for users.
    Notice,
    /// More than before.
    Addition,
    /// Something goes on with a warning of the compiler.
    Deprecation,
    /// Something may behave in another way.
    Behaviour,
    /// Something fails, on the wire or in the compiler.
    Break,
}

impl Severity {
    /// The word for reports: `break`, `behaviour`, `deprecation`, `addition`, `notice`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Notice => "notice",
            Self::Addition => "addition",
            Self::Deprecation => "deprecation",
            Self::Behaviour => "behaviour",
            Self::Break => "break",
        }
    }
}

/// Which number of a version must grow. Ordered: the greatest is the strongest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Bump {
    /// None: nothing that is published changes.
    #[default]
    None,
    /// The third.
    Patch,
    /// The second.
    Minor,
    /// The first.
    Major,
}

impl Bump {
    /// The word for reports: `none`, `patch`, `minor`, `major`.
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worse_way_decides() {
        let verdict = ByDirection { request: Verdict::Breaking, response: Verdict::Warning };
        assert_eq!(verdict.at(Direction::Both), Verdict::Breaking);
        assert_eq!(verdict.at(Direction::Response), Verdict::Warning);
        assert_eq!(verdict.at(Direction::Unreached), Verdict::Neutral);
        assert_eq!(Direction::Request.or(Direction::Response), Direction::Both);
        assert_eq!(Direction::Unreached.or(Direction::Response), Direction::Response);
    }
}
