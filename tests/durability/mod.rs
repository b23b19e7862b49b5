//! Nothing is answered before it is on the disk. Killing a process proves only that a change is whole or
//! not there, for the system writes on; so the calls to the system are looked at themselves.

mod promise;
mod trace;
mod traced;
mod under_strace;
