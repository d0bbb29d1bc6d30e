//! The table itself. tests/golden/may.txt says the same for a reader; a change here that is not made there does not pass.

use super::Holding::{AtHq as Hq, Nothing, Open, Standby};
use super::Operation::{
    Accept, Advise, AssignCase, BeginCase, BreakGlass, Capture, CarryPhone, ConfirmLower,
    DecideHeld, DestroyCase, EmergencyHandOff, Exchange, Export, HandOff, ListCases, ManagePhones,
    ManageProtocols, ManageStaff, OpenGuide, OverrideDown, OverrideUp, ReadAdvice, ReadAudit,
    ReadCard, ReadCase, ReadFigures, ReadQueue, RecoverVault, ReviewBrokenGlass, SeePhones,
    SettleDown, SettleUp, Sign,
};
use super::{Holding, May, Operation};

/// A row: an operation, how the case is held, and a cell for each role in the order of their numbers.
pub(super) type Row = (Operation, Holding, [May; 8]);

const N: May = May::No;
const G: May = May::AfterGlass;
const W: May = May::Own;
const O: May = May::Others;
const Y: May = May::Yes;

/// What does not stand here is not allowed.
#[rustfmt::skip] // A table is read by its columns.
pub(super) const TABLE: &[Row] = &[
    //                              resp peer clin psyc supe disp anal admi
    // Nobody is ever locked out of the guide or of writing down: what all roles may needs none.
    (OpenGuide,         Nothing,    [Y,  Y,   Y,   Y,   Y,   Y,   Y,   Y]),
    (BeginCase,         Nothing,    [Y,  Y,   Y,   Y,   Y,   Y,   Y,   Y]),
    (Capture,           Open,       [Y,  Y,   Y,   Y,   Y,   Y,   Y,   Y]),
    (Capture,           Standby,    [G,  G,   G,   G,   G,   G,   G,   G]),
    (Exchange,          Nothing,    [Y,  Y,   Y,   Y,   Y,   Y,   Y,   Y]),
    (ListCases,         Nothing,    [Y,  Y,   Y,   Y,   Y,   Y,   N,   N]),
    (ReadCard,          Open,       [Y,  Y,   Y,   Y,   Y,   Y,   N,   N]),
    (ReadCard,          Standby,    [Y,  Y,   Y,   Y,   Y,   Y,   N,   N]),
    (ReadCase,          Open,       [Y,  Y,   Y,   Y,   Y,   N,   N,   N]),
    (ReadCase,          Standby,    [G,  G,   G,   G,   G,   N,   N,   N]),
    (ReadCase,          Hq,         [N,  N,   Y,   Y,   Y,   N,   N,   N]),
    (BreakGlass,        Open,       [Y,  Y,   Y,   Y,   Y,   N,   N,   N]),
    (BreakGlass,        Standby,    [Y,  Y,   Y,   Y,   Y,   N,   N,   N]),
    // Rules 4, 6, 7 and 8 of clinical safety. Upward an author suffices; downward it takes a psychiatrist, or a clinician who is
    // not an author of what is lower.
    (SettleUp,          Open,       [W,  W,   Y,   Y,   W,   W,   W,   W]),
    (SettleUp,          Hq,         [N,  N,   Y,   Y,   N,   N,   N,   N]),
    (SettleDown,        Open,       [N,  N,   O,   Y,   N,   N,   N,   N]),
    (SettleDown,        Hq,         [N,  N,   O,   Y,   N,   N,   N,   N]),
    (ConfirmLower,      Open,       [W,  W,   O,   Y,   W,   W,   W,   W]),
    (Accept,            Open,       [N,  N,   O,   Y,   N,   N,   N,   N]),
    (Accept,            Hq,         [N,  N,   O,   Y,   N,   N,   N,   N]),
    (OverrideUp,        Open,       [Y,  Y,   Y,   Y,   Y,   Y,   Y,   Y]),
    (OverrideUp,        Hq,         [N,  N,   Y,   Y,   N,   N,   N,   N]),
    (OverrideDown,      Open,       [Y,  Y,   Y,   Y,   Y,   Y,   Y,   Y]),
    (OverrideDown,      Hq,         [N,  N,   Y,   Y,   N,   N,   N,   N]),
    (ReadAdvice,        Open,       [Y,  Y,   Y,   Y,   Y,   N,   N,   N]),
    (ReadAdvice,        Standby,    [G,  G,   G,   G,   G,   N,   N,   N]),
    (HandOff,           Open,       [Y,  Y,   Y,   Y,   Y,   N,   N,   N]),
    (HandOff,           Standby,    [G,  G,   G,   G,   G,   N,   N,   N]),
    (EmergencyHandOff,  Open,       [Y,  Y,   Y,   Y,   Y,   N,   N,   N]),
    (EmergencyHandOff,  Standby,    [G,  G,   G,   G,   G,   N,   N,   N]),
    (ReadQueue,         Hq,         [N,  N,   Y,   Y,   Y,   N,   N,   N]),
    (Sign,              Hq,         [N,  N,   N,   Y,   N,   N,   N,   N]),
    (Advise,            Hq,         [N,  N,   N,   Y,   N,   N,   N,   N]),
    (Export,            Hq,         [N,  N,   Y,   Y,   Y,   N,   N,   N]),
    (SeePhones,         Hq,         [N,  N,   Y,   Y,   Y,   N,   N,   Y]),
    (AssignCase,        Hq,         [N,  N,   Y,   Y,   Y,   Y,   N,   N]),
    // Nobody judges the glass that they broke themselves.
    (ReviewBrokenGlass, Hq,         [N,  N,   N,   O,   O,   N,   N,   N]),
    (DecideHeld,        Hq,         [N,  N,   N,   Y,   Y,   N,   N,   N]),
    (DestroyCase,       Hq,         [N,  N,   N,   N,   Y,   N,   N,   N]),
    (CarryPhone,        Hq,         [Y,  Y,   Y,   Y,   Y,   Y,   N,   N]),
    // A phone is lost in the night, when a supervisor is there and no administrator.
    (ManagePhones,      Hq,         [N,  N,   N,   N,   Y,   N,   N,   Y]),
    (RecoverVault,      Hq,         [N,  N,   N,   N,   N,   N,   N,   Y]),
    (ManageStaff,       Hq,         [N,  N,   N,   N,   N,   N,   N,   Y]),
    (ManageProtocols,   Hq,         [N,  N,   N,   N,   N,   N,   N,   Y]),
    (ReadAudit,         Hq,         [N,  N,   N,   N,   Y,   N,   N,   Y]),
    (ReadFigures,       Hq,         [N,  N,   Y,   Y,   Y,   N,   Y,   Y]),
];
