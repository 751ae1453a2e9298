/* What the system says about this process. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Seconds since the process was started by the system, before main(); in
 * steps of a clock tick (10 ms). 0 when the system does not tell. */
double cli_process_age (void);

/* Peak resident memory in MiB (VmHWM); 0 when the system does not tell. */
double cli_process_peak_mib (void);

G_END_DECLS
