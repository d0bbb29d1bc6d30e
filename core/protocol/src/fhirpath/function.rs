//! The functions that expressions may use.

macro_rules! functions {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $least:literal ..= $most:literal;)*) => {
        /// A function.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Function { $($(#[$doc])* $variant),* }

        impl Function {
            /// The function of this name, if it is known.
            pub(crate) fn named(name: &str) -> Option<Self> {
                match name {
                    $($name => Some(Self::$variant),)*
                    _ => None,
                }
            }

            /// How few and how many arguments it takes.
            pub(crate) const fn arguments(self) -> (usize, usize) {
                match self {
                    $(Self::$variant => ($least, $most),)*
                }
            }
        }
    };
}

functions! {
    Where = "where", 1..=1;
    Select = "select", 1..=1;
    All = "all", 1..=1;
    Any = "any", 0..=1;
    Exists = "exists", 0..=1;
    Empty = "empty", 0..=0;
    Not = "not", 0..=0;
    Iif = "iif", 2..=3;
    Sum = "sum", 0..=0;
    Min = "min", 0..=0;
    Max = "max", 0..=0;
    Avg = "avg", 0..=0;
    Count = "count", 0..=0;
    First = "first", 0..=0;
    Last = "last", 0..=0;
    Tail = "tail", 0..=0;
    Skip = "skip", 1..=1;
    Take = "take", 1..=1;
    Single = "single", 0..=0;
    Distinct = "distinct", 0..=0;
    IsDistinct = "isDistinct", 0..=0;
    Combine = "combine", 1..=1;
    Union = "union", 1..=1;
    Intersect = "intersect", 1..=1;
    Exclude = "exclude", 1..=1;
    SubsetOf = "subsetOf", 1..=1;
    SupersetOf = "supersetOf", 1..=1;
    AllTrue = "allTrue", 0..=0;
    AnyTrue = "anyTrue", 0..=0;
    AllFalse = "allFalse", 0..=0;
    AnyFalse = "anyFalse", 0..=0;
    ToStringOf = "toString", 0..=0;
    ToInteger = "toInteger", 0..=0;
    ToDecimal = "toDecimal", 0..=0;
    ToBoolean = "toBoolean", 0..=0;
    ToQuantity = "toQuantity", 0..=1;
    ToDate = "toDate", 0..=0;
    ToDateTime = "toDateTime", 0..=0;
    ToTime = "toTime", 0..=0;
    ConvertsToInteger = "convertsToInteger", 0..=0;
    ConvertsToDecimal = "convertsToDecimal", 0..=0;
    ConvertsToBoolean = "convertsToBoolean", 0..=0;
    ConvertsToString = "convertsToString", 0..=0;
    ConvertsToDate = "convertsToDate", 0..=0;
    ConvertsToDateTime = "convertsToDateTime", 0..=0;
    ConvertsToTime = "convertsToTime", 0..=0;
    ConvertsToQuantity = "convertsToQuantity", 0..=1;
    Round = "round", 0..=1;
    Floor = "floor", 0..=0;
    Ceiling = "ceiling", 0..=0;
    Truncate = "truncate", 0..=0;
    Abs = "abs", 0..=0;
    Power = "power", 1..=1;
    Sqrt = "sqrt", 0..=0;
    Ln = "ln", 0..=0;
    Log = "log", 1..=1;
    Exp = "exp", 0..=0;
    Length = "length", 0..=0;
    Substring = "substring", 1..=2;
    StartsWith = "startsWith", 1..=1;
    EndsWith = "endsWith", 1..=1;
    Contains = "contains", 1..=1;
    IndexOf = "indexOf", 1..=1;
    LastIndexOf = "lastIndexOf", 1..=1;
    Matches = "matches", 1..=2;
    MatchesFull = "matchesFull", 1..=2;
    Replace = "replace", 2..=2;
    ReplaceMatches = "replaceMatches", 2..=3;
    Upper = "upper", 0..=0;
    Lower = "lower", 0..=0;
    Trim = "trim", 0..=0;
    Split = "split", 1..=1;
    Join = "join", 0..=1;
    ToChars = "toChars", 0..=0;
    Today = "today", 0..=0;
    Now = "now", 0..=0;
    TimeOfDay = "timeOfDay", 0..=0;
    Aggregate = "aggregate", 1..=2;
    Repeat = "repeat", 1..=1;
    Children = "children", 0..=0;
    Descendants = "descendants", 0..=0;
    /// SDC: the score of an answer.
    Weight = "weight", 0..=0;
    /// SDC's older name of the same.
    Ordinal = "ordinal", 0..=0;
    /// SDC: every answer below.
    Answers = "answers", 0..=0;
    HasValue = "hasValue", 0..=0;
    GetValue = "getValue", 0..=0;
    Extension = "extension", 1..=1;
    Resolve = "resolve", 0..=0;
    Trace = "trace", 1..=2;
}
