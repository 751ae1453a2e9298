/* A module that is no plug-in of ours. */
int stranger (void);

int
stranger (void)
{
  return 42;
}
