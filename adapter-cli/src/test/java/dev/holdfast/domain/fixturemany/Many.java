package dev.holdfast.domain.fixturemany;

/** Breaks: a package holds at most twenty types. */
public final class Many {
  private Many() {}

  public static Class<?>[] all() {
    return new Class<?>[] {
      T1.class,
      T2.class,
      T3.class,
      T4.class,
      T5.class,
      T6.class,
      T7.class,
      T8.class,
      T9.class,
      T10.class,
      T11.class,
      T12.class,
      T13.class,
      T14.class,
      T15.class,
      T16.class,
      T17.class,
      T18.class,
      T19.class,
      T20.class,
      Many.class};
  }
}

final class T1 {}

final class T2 {}

final class T3 {}

final class T4 {}

final class T5 {}

final class T6 {}

final class T7 {}

final class T8 {}

final class T9 {}

final class T10 {}

final class T11 {}

final class T12 {}

final class T13 {}

final class T14 {}

final class T15 {}

final class T16 {}

final class T17 {}

final class T18 {}

final class T19 {}

final class T20 {}
