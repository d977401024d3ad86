"""What the command line chose; filled once by __main__, read everywhere."""
import argparse

OPT = argparse.Namespace()
