/* How many processors the system lets this process use. */
#pragma once

/* dino_cpu_threads() for a system whose /proc and control groups lie under
 * root ("" for this one) and whose affinity mask has affinity processors. */
int dino_cpu_threads_at (const char *root, int affinity);
