//! HQ from outside: crafted phones push, staff read and sign, everything in one process and on real files.
mod alerts;
mod desk;
mod exchange;
mod people;
mod refusals;
mod resume;
mod signing;
mod world;
